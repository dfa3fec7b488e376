import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { folder, plumbline, removeFolders } from "../support/folder";
import { INVENTORY, story } from "../support/story";

afterAll(removeFolders);

describe("the exit status", () => {
  const dir = () => folder({ ...INVENTORY, ...story() });
  test.each<[string, number, () => string[]]>([
    ["done, with findings", 0, () => ["replay", dir()]],
    ["findings as grave as asked for", 3, () => ["replay", dir(), "--fail-on", "medium"]],
    ["findings less grave", 0, () => ["replay", dir(), "--fail-on", "critical"]],
    ["an empty folder", 0, () => ["replay", folder({})]],
    ["no such folder", 1, () => ["replay", "/no/such/folder"]],
    [
      "a configuration that is no JSON",
      1,
      () => ["replay", dir(), "--config", join(folder({ c: "{" }), "c")],
    ],
    ["an unknown setting", 1, () => ["replay", dir(), "--config", join(folder({ c: { days: 1 } }), "c")]],
    ["a report that cannot be written", 1, () => ["replay", dir(), "--report", "/no/such/folder/r.html"]],
    ["a state that is a file", 1, () => ["replay", dir(), "--state", join(folder({ f: "" }), "f")]],
    ["a state without tables", 1, () => ["findings", "list", "--state", folder({})]],
    ["no folder named", 2, () => ["replay"]],
    ["an unknown option", 2, () => ["replay", "x", "--wat"]],
    ["an unknown command", 2, () => ["wat"]],
    ["an unknown severity", 2, () => ["replay", "x", "--fail-on", "horrible"]],
    ["days that are no number", 2, () => ["replay", "x", "--learning-days", "seven"]],
    ["help", 0, () => ["--help"]],
  ])("of %s is %d", async (_, status, args) => {
    const run = await plumbline(...args());
    expect(run.status).toBe(status);
    if (status === 1 || status === 2) expect(run.stderr).not.toBe("");
  });

  test("of a reader that has read enough is 0, without a word", async () => {
    const stub = join(__dirname, "../../cli/plumbline.cjs");
    const child = spawn(process.execPath, [stub, "--help"], { stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.destroy();
    let said = "";
    child.stderr.on("data", (text) => {
      said += text;
    });
    const [status] = await once(child, "close");
    expect({ status, said }).toEqual({ status: 0, said: "" });
  });
});
