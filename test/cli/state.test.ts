/** `--state`: tables that are kept, and findings that are read and settled there. */

import { startEmbeddedDynamoDb } from "../../cli/local/embedded-dynamodb";
import { folder, jsonLines, plumbline, removeFolders } from "../support/folder";
import { INVENTORY, story } from "../support/story";

afterAll(removeFolders);

describe("a second replay with the same --state", () => {
  test("finds and alerts nothing new and leaves the tables as they were", async () => {
    const dir = folder({ ...INVENTORY, ...story() });
    const state = folder({});
    const first = await plumbline("replay", dir, "--state", state, "--json");
    const table = (await plumbline("findings", "list", "--state", state, "--json")).stdout;
    const second = await plumbline("replay", dir, "--state", state);
    expect(second.stdout).toMatch(/^1 finding, 1 of them known from before\.\n/);
    expect((await plumbline("findings", "list", "--state", state, "--json")).stdout).toBe(table);
    expect(table).toBe(first.stdout);
  });

  test("and findings are listed and shown from there", async () => {
    const state = folder({});
    await plumbline("replay", folder({ ...INVENTORY, ...story() }), "--state", state);
    const [finding] = jsonLines(await plumbline("findings", "list", "--state", state, "--json"));
    expect((await plumbline("findings", "--state", state)).stdout).toContain("payroll-db (RDS)");
    const shown = await plumbline("findings", "show", String(finding?.id), "--state", state);
    expect(shown.stdout).toContain("RDSQueryLogger talks to a new internal peer: payroll-db (RDS)");
    expect(await plumbline("findings", "list", "--state", state, "--status", "resolved")).toMatchObject({
      status: 0,
      stdout: "No findings.\n",
    });
    const none = await plumbline("findings", "show", "nothing", "--state", state);
    expect(none).toMatchObject({ status: 1, stderr: expect.stringContaining("There is no finding nothing") });
  });

  test("a finding that was muted or resolved stays so", async () => {
    const dir = folder({ ...INVENTORY, ...story() });
    const state = folder({});
    const [finding] = jsonLines(await plumbline("replay", dir, "--state", state, "--json"));
    for (const [command, status] of [
      ["mute", "muted"],
      ["open", "open"],
      ["resolve", "resolved"],
    ] as const) {
      expect((await plumbline("findings", command, String(finding?.id), "--state", state)).stdout).toContain(
        status,
      );
      const [again] = jsonLines(await plumbline("replay", dir, "--state", state, "--json"));
      expect(again).toEqual({ ...finding, status });
    }
    const none = await plumbline("findings", "mute", "nothing", "--state", state);
    expect(none).toMatchObject({ status: 1, stderr: "plumbline: There is no finding nothing\n" });
  });

  test("while another has it open says so", async () => {
    const state = folder({});
    const other = await startEmbeddedDynamoDb(state);
    try {
      const run = await plumbline("replay", folder(INVENTORY), "--state", state);
      expect(run.status).toBe(1);
      expect(run.stderr).toMatch(/cannot be opened: is another plumbline using them\?/);
    } finally {
      await other.stop();
    }
  });

  test("goes on where the first ended", async () => {
    const state = folder({});
    const all = Object.entries(story());
    const part = (some: typeof all) => folder({ ...INVENTORY, ...Object.fromEntries(some) });
    await plumbline("replay", part(all.slice(0, 10)), "--state", state);
    const run = await plumbline("replay", part(all.slice(10)), "--state", state, "--json");
    expect(jsonLines(run)).toHaveLength(1);
  });
});
