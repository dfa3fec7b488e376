/** How long 250,000 entries of a threat list take to be read and looked up: `npm run bench:lists`. */
import { formatAddress } from "../functions/core/address";
import { parseThreatLists } from "../functions/core/threat-list";
import { random } from "../samples/random";

const ENTRIES = 250_000;
const LOOKUPS = 100_000;
const RUNS = 7;

const dice = random(7);
/** Between 11.0.0.0 and 126.255.255.255, which are all public. */
const address = () =>
  formatAddress({ family: 4, value: BigInt(dice.whole(11 * 2 ** 24, 127 * 2 ** 24 - 1)) });
const line = (i: number) => {
  if (i % 50 === 0) return `2a01:${dice.whole(1, 9999)}:${dice.whole(1, 9999)}::/48`;
  if (i % 10 === 0) return `${address()}/${dice.whole(20, 30)} # a block`;
  return address();
};
const text = `# A list\n${Array.from({ length: ENTRIES }, (_, i) => line(i)).join("\n")}\n`;
const sought = Array.from({ length: LOOKUPS }, address);

/** Milliseconds of processor time so far: what else runs on the machine does not count. */
const processorTime = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const loads: number[] = [];
const loadsOfProcessor: number[] = [];
const lookups: number[] = [];
let lists = parseThreatLists([]);
for (let run = 0; run < RUNS; run++) {
  let began = performance.now();
  const beganOnProcessor = processorTime();
  // A copy, as a file just read would be: not the text of the last run, whose lines are cut already.
  lists = parseThreatLists([{ name: "bench", text: Buffer.from(text).toString("utf8") }]);
  loads.push(performance.now() - began);
  loadsOfProcessor.push(processorTime() - beganOnProcessor);
  began = performance.now();
  for (const one of sought) lists.find(one);
  lookups.push(performance.now() - began);
}
const median = (times: number[]) => times.sort((a, b) => a - b)[times.length >> 1] as number;
const { entries, duplicates, overlapping, problemCount } = lists;
console.log(
  `${entries.toLocaleString("en-US")} entries (${duplicates} twice, ${overlapping} overlapping, ${problemCount} refused) loaded in ${median(loads).toFixed(0)} ms, the slowest of ${RUNS} in ${Math.max(...loads).toFixed(0)} ms (${median(loadsOfProcessor).toFixed(0)} ms of processor time)`,
);
console.log(`one lookup: ${((median(lookups) / LOOKUPS) * 1000).toFixed(2)} µs`);
