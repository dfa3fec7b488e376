/** `plumbline doctor` */
import colors from "picocolors";
import { listed, plural } from "../functions/core/text";
import { gatherDeployed } from "./doctor/aws/gather";
import type { Diagnosis } from "./doctor/check";
import { examine } from "./doctor/checks";
import type { Gathered } from "./doctor/facts";
import { gatherFolder } from "./doctor/folder";
import { gatherState } from "./doctor/state";
import { EXIT, type ExitStatus } from "./exit";
import type { SourceFlags } from "./findings-command";
import { WIDTH, wrap } from "./render";

/** Says what is wrong with an installation. Rejects where it cannot look at all. */
export async function doctorCommand(dir: string | undefined, flags: SourceFlags): Promise<ExitStatus> {
  const diagnoses = examine(await gather(dir, flags));
  if (flags.json) for (const one of diagnoses) process.stdout.write(`${JSON.stringify(one)}\n`);
  else process.stdout.write(`${doctorText(diagnoses)}\n`);
  if (diagnoses.some(({ mark }) => mark === "problem")) return EXIT.findings;
  return diagnoses.some(({ mark }) => mark === "unknown") ? EXIT.someUnreadable : EXIT.done;
}

/** A folder tells more of the telemetry than the tables that were made of it. */
async function gather(dir: string | undefined, flags: SourceFlags): Promise<Gathered> {
  const { state } = flags;
  if (dir === undefined && state === undefined) return gatherDeployed(flags, Math.floor(Date.now() / 1000));
  const tables = state === undefined ? {} : await gatherState(state);
  return dir === undefined ? tables : { ...tables, ...(await gatherFolder(dir)) };
}

const COLOR: Record<Diagnosis["mark"], (text: string) => string> = {
  ok: colors.green,
  warning: colors.yellow,
  problem: colors.red,
  unknown: colors.dim,
};
const MARK_WIDTH = 10;
const INDENT = " ".repeat(MARK_WIDTH);

function doctorText(diagnoses: readonly Diagnosis[]): string {
  const count = (mark: Diagnosis["mark"]) => diagnoses.filter((one) => one.mark === mark).length;
  const counts = [
    plural(count("problem"), "problem"),
    plural(count("warning"), "warning"),
    `${count("unknown")} not looked at`,
    `${count("ok")} in order`,
  ];
  return [...diagnoses.map(diagnosisText), "", `${listed(counts)}.`].join("\n");
}

function diagnosisText({ id, mark, says, fix }: Diagnosis): string {
  const lines = wrap(`${colors.dim(`${id}:`)} ${says}`, WIDTH - MARK_WIDTH, INDENT);
  const cure = fix === null ? "" : `\n${INDENT}${wrap(`-> ${fix}`, WIDTH - MARK_WIDTH, `${INDENT}   `)}`;
  return `${COLOR[mark](mark.padEnd(MARK_WIDTH))}${lines}${cure}`;
}
