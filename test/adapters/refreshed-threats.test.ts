import type { Log } from "../../functions/adapters/ports";
import { refreshedThreats, type ThreatListReader } from "../../functions/adapters/refreshed-threats";

function source(...answers: (Awaited<ReturnType<ThreatListReader["read"]>> | Error)[]) {
  const state = { now: 1000, asked: [] as (string | null)[], logged: [] as string[] };
  const log: Log = {
    info: (message) => void state.logged.push(`info ${message}`),
    warn: (message, { refused = "" }) => void state.logged.push(`warn ${message} ${refused}`.trim()),
    error: (message) => void state.logged.push(`error ${message}`),
  };
  const reader: ThreatListReader = {
    async read(known) {
      state.asked.push(known);
      const answer = answers.shift() ?? null;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const threats = refreshedThreats(reader, () => state.now, log);
  const finds = async (address: string) => (await threats.current()).find(address) !== null;
  return { state, finds };
}

const listOf = (version: string, text: string) => ({ version, lists: [{ name: "a.txt", text }] });

test("lists are read at the first use, and again after a quarter of an hour", async () => {
  const { state, finds } = source(listOf("1", "198.51.100.7"), listOf("2", "198.51.100.8"));
  expect(await finds("198.51.100.7")).toBe(true);
  state.now += 899;
  expect(await finds("198.51.100.7")).toBe(true);
  expect(state.asked).toEqual([null]);
  state.now += 1;
  expect([await finds("198.51.100.7"), await finds("198.51.100.8")]).toEqual([false, true]);
  expect(state.asked).toEqual([null, "1"]);
});

test("where nothing changed, what is in memory stays", async () => {
  const { state, finds } = source(listOf("1", "198.51.100.7"), null);
  await finds("198.51.100.7");
  state.now += 900;
  expect(await finds("198.51.100.7")).toBe(true);
});

test("where reading fails, what is in memory is used on, and it is said", async () => {
  const { state, finds } = source(
    listOf("1", "198.51.100.7"),
    new Error("AccessDenied"),
    listOf("2", "198.51.100.8"),
  );
  await finds("198.51.100.7");
  state.now += 900;
  expect(await finds("198.51.100.7")).toBe(true);
  state.now += 900;
  expect(await finds("198.51.100.8")).toBe(true);
  expect(state.logged).toEqual([
    "info Threat lists read",
    "warn The threat lists could not be read; those in memory are used on",
    "info Threat lists read",
  ]);
});

test("where the first reading fails there is no list, and nothing stops", async () => {
  const { finds } = source(new Error("NoSuchBucket"));
  expect(await finds("198.51.100.7")).toBe(false);
});

test("refused lines are said with their number", async () => {
  const { state, finds } = source(listOf("1", "0.0.0.0/0\n10.0.0.1\n198.51.100.7"));
  await finds("198.51.100.7");
  expect(state.logged).toEqual(["warn Threat lists read; some lines are refused 2"]);
});
