/** `npm run docs`: writes detectors.md from the detectors themselves. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DETECTORS } from "../functions/core/detectors";
import type { Detector } from "../functions/core/detectors/detector";
import { SOURCE_NAMES } from "../functions/core/telemetry/source";

const SOURCES = { ...SOURCE_NAMES, all: "all" };

export const DETECTORS_FILE = join(__dirname, "detectors.md");

export function detectorsDocument(): string {
  return [
    "# Detectors",
    "",
    "This page is made from the detectors' own files in `functions/core/detectors/` by `npm run docs`.",
    "",
    "| type | source | fires on | usually |",
    "| --- | --- | --- | --- |",
    ...DETECTORS.map(
      (one) =>
        `| [${one.type}](#${one.type.toLowerCase()}) | ${SOURCES[one.source]} | ${one.title} | ${one.severity} |`,
    ),
    "",
    ...DETECTORS.flatMap(section),
  ].join("\n");
}

const section = ({ type, title, misses, lookAt, mitre, reference }: Detector) => [
  `## ${type}`,
  "",
  `${title}.`,
  "",
  `- **Look at first:** ${lookAt}`,
  `- **Misses:** ${misses}`,
  `- **ATT&CK:** ${mitre.join(", ")} (<${reference}>)`,
  "",
];

if (require.main === module) writeFileSync(DETECTORS_FILE, detectorsDocument());
