/** Which tails of lines are known again. */
import { KnownTails } from "../../../functions/core/telemetry/known-tails";

const SAYS = { tcpFlags: 2, direction: "egress" as const, awsService: "S3" };
const view = (bytes: Uint8Array) => new DataView(Uint8Array.of(...bytes, ...new Uint8Array(8)).buffer);
const ascii = (text: string) => Buffer.from(text, "latin1");

/** What is found of `now` after `before` was kept, for the same addresses. */
function found(before: string, now: string) {
  const tails = new KnownTails();
  tails.remember(view(ascii(before)), 0, 1, 2, { ...SAYS, length: before.length });
  return tails.find(view(ascii(now)), 0, 1, 2);
}

const usual = " vpc-1 3 egress S3\n";

test.each([
  ["the same", usual, usual],
  ["the same, of the least length", " 3 2 S3\n", " 3 2 S3\n"],
  ["the same, of the greatest length", `${" 1".repeat(127)}1\n`, `${" 1".repeat(127)}1\n`],
  ["the same, with a record behind it", usual, `${usual}2 111122223333`],
])("%s is known again", (_, before, now) => {
  expect(found(before, now)).toEqual({ ...SAYS, length: before.length });
});

test.each([
  ["one that begins otherwise", usual, usual.replace("vpc-1", "vpc-2")],
  ["one that ends otherwise", usual, usual.replace("S3", "S4")],
  ["one that goes on", usual, usual.replace("\n", " 1\n")],
  ["one that ends early", usual, usual.replace(" S3\n", "\n")],
  ["one of less than a word", " 3 2 S\n", " 3 2 S\n"],
  ["one that is too long", `${" 1".repeat(128)}\n`, `${" 1".repeat(128)}\n`],
  ["one with zeros, which as numbers equal others", `${"\0".repeat(8)} 1\n`, `${"\0".repeat(7)}\x80 1\n`],
  ["one with zeros at its end", ` 123456789${"\0".repeat(8)}`, ` 123456789${"\0".repeat(7)}\x80`],
  ["one with what is not ASCII", " Größe 1\n", " Größe 1\n"],
])("%s is not", (_, before, now) => {
  expect(found(before, now)).toBeNull();
});

test("a tail is known for its addresses alone, the last of them, and no longer once all are forgotten", () => {
  const tails = new KnownTails();
  const other = usual.replace("S3", "EC2");
  expect(tails.find(view(ascii(usual)), 0, 1, 2)).toBeNull();
  tails.remember(view(ascii(other)), 0, 1, 2, { ...SAYS, length: other.length });
  tails.remember(view(ascii(usual)), 0, 1, 2, { ...SAYS, length: usual.length });
  expect(tails.find(view(ascii(other)), 0, 1, 2)).toBeNull();
  expect(tails.find(view(ascii(usual)), 0, 2, 1)).toBeNull();
  expect(tails.find(view(ascii(usual)), 0, 1, 2)).not.toBeNull();
  tails.forget();
  expect(tails.find(view(ascii(usual)), 0, 1, 2)).toBeNull();
});
