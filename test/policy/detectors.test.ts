/** Every detector is listed, documented, and tested in both directions. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DETECTORS_FILE, detectorsDocument } from "../../docs/detectors";
import { DETECTORS, detectorOf } from "../../functions/core/detectors";

const FOLDER = join(__dirname, "../../functions/core/detectors");
const TESTS = join(__dirname, "../core/detectors");

const sources = readdirSync(FOLDER).map((name) => readFileSync(join(FOLDER, name), "utf8"));
const tests = readdirSync(TESTS).map((name) => readFileSync(join(TESTS, name), "utf8"));

test("every detector that is written is in the list", () => {
  const written = sources.flatMap((source) =>
    [...source.matchAll(/^ {2}type: "(\w+)"/gm)].map((match) => match[1]),
  );
  expect(DETECTORS.map(({ type }) => type).sort()).toEqual(written.sort());
});

test.each(DETECTORS.map((detector) => [detector.type, detector] as const))(
  "%s is whole",
  (type, detector) => {
    expect(detectorOf(type)).toBe(detector);
    for (const field of ["title", "misses", "reference", "lookAt"] as const)
      expect(detector[field]).not.toBe("");
    expect(detector.mitre.every((id) => /^T\d{4}(\.\d{3})?$/.test(id))).toBe(true);
    const own = sources.find((source) => source.includes(`type: "${type}"`));
    expect(own).toMatch(/^\/\*\*\n \* Sees: /);
    expect(own).toMatch(/\n \* Why: /);
  },
);

test.each(DETECTORS.map(({ type }) => [type]))(
  "%s has a test in which it fires and one in which it does not",
  (type) => {
    const own = tests.filter((source) => source.includes(`"${type}"`));
    expect(own.length).toBeGreaterThan(0);
    expect(own.every((source) => /quiet/.test(source))).toBe(true);
  },
);

test("the document is what the detectors say (npm run docs)", () => {
  expect(existsSync(DETECTORS_FILE) && readFileSync(DETECTORS_FILE, "utf8")).toBe(detectorsDocument());
});
