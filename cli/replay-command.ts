/** `plumbline replay DIR` */
import { readFile, stat, writeFile } from "node:fs/promises";
import { z } from "zod";
import { htmlReport } from "../console/report";
import { type DetectionConfig, detectionConfig, parseConfig } from "../functions/core/config";
import { type ContainmentPolicy, containmentPolicy } from "../functions/core/containment/policy";
import { SEVERITIES, type Severity } from "../functions/core/severity";
import { EXIT, type ExitStatus } from "./exit";
import { startEmbeddedDynamoDb } from "./local/embedded-dynamodb";
import type { ReferenceFiles } from "./local/references";
import { type Progress, progress } from "./progress";
import { coverageSummary, coverageText, replayText } from "./render";
import { type ReplayResult, replay } from "./replay";

export interface ReplayFlags extends ReferenceFiles {
  readonly json?: true;
  readonly learningDays?: number;
  readonly config?: string;
  readonly report?: string;
  readonly state?: string;
  readonly failOn?: Severity;
  readonly contain?: "dry-run";
}

/** Replays a folder and prints what was found. Rejects where it cannot run at all. */
export async function replayCommand(dir: string, flags: ReplayFlags): Promise<ExitStatus> {
  const kind = await stat(dir).catch(() => null);
  if (kind === null || !kind.isDirectory()) {
    throw new Error(
      `${dir} is no folder. Give one with AWSLogs/ in it, as synced from S3; npm start makes a sample of one`,
    );
  }
  const { config, policy } = await readConfig(flags);
  const result = await runReplay(dir, config, flags.contain === undefined ? undefined : policy, flags);
  if (flags.json) {
    for (const finding of result.findings) process.stdout.write(`${JSON.stringify(finding)}\n`);
    process.stderr.write(`${coverageText(result.coverage)}\n`);
  } else {
    process.stdout.write(`${replayText(result)}\n`);
  }
  if (flags.report !== undefined) {
    const { findings, coverage } = result;
    const { notes, unreadable } = coverage;
    const page = htmlReport({ source: dir, findings, seen: coverageSummary(coverage), notes, unreadable });
    await writeFile(flags.report, page).catch((cause: Error) => {
      throw new Error(`The report ${flags.report} cannot be written: ${cause.message}`, { cause });
    });
  }
  return exitStatus(result, flags.failOn);
}

async function runReplay(
  dir: string,
  config: DetectionConfig,
  contain: ContainmentPolicy | undefined,
  flags: ReplayFlags,
): Promise<ReplayResult> {
  let interrupted = false;
  const interrupt = () => {
    interrupted = true;
  };
  process.once("SIGINT", interrupt);
  const database = await startEmbeddedDynamoDb(flags.state);
  let shown: Progress | undefined;
  try {
    return await replay({
      dir,
      config,
      references: flags,
      contain,
      database,
      interrupted: () => interrupted,
      onProgress(done, total) {
        shown ??= progress(total);
        shown.step(done);
      },
    });
  } finally {
    shown?.stop();
    process.removeListener("SIGINT", interrupt);
    await database.stop();
  }
}

function exitStatus({ findings, coverage, interrupted }: ReplayResult, failOn?: Severity): ExitStatus {
  if (interrupted) return EXIT.interrupted;
  const grave = ({ severity }: { severity: Severity }) =>
    failOn !== undefined && SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(failOn);
  if (findings.some(grave)) return EXIT.findings;
  return coverage.unreadable.length > 0 ? EXIT.someUnreadable : EXIT.done;
}

async function readConfig({ config: file, learningDays }: ReplayFlags) {
  const settings = file === undefined ? {} : await readJson(file);
  const origin = file ?? "the defaults";
  const { containment, ...detection } = parseConfig(replaySettings, settings, origin);
  const config = parseConfig(detectionConfig, detection, origin);
  return {
    config: learningDays === undefined ? config : { ...config, learningDays },
    policy: parseConfig(containmentPolicy, containment ?? {}, `${origin}, in "containment"`),
  };
}

const replaySettings = z.looseObject({ containment: z.unknown().optional() });

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw new Error(
      `The configuration ${file} cannot be read: ${cause instanceof Error ? cause.message : cause}`,
      {
        cause,
      },
    );
  }
}
