/** The `plumbline` command: what can be asked, and what the exit status says. */
import { existsSync } from "node:fs";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { htmlReport } from "../console/report";
import { findingStore } from "../functions/adapters/dynamodb/finding-store";
import type { FindingStore } from "../functions/adapters/ports";
import { type DetectionConfig, detectionConfig, parseConfig } from "../functions/core/config";
import { publicFinding, SEVERITIES, type Severity, STATUSES, type Status } from "../functions/core/finding";
import { plural } from "../functions/core/text";
import { version } from "../package.json";
import { progress } from "./progress";
import { coverageText, findingsTable, findingText } from "./render";

// The exact versions that are installed do run on Node 20; what later ones need is for whoever updates them.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

export const EXIT = { done: 0, failed: 1, usage: 2, findings: 3, partly: 4, interrupted: 130 } as const;

interface ReplayFlags {
  json?: true;
  learningDays?: number;
  config?: string;
  report?: string;
  state?: string;
  failOn?: Severity;
}

interface FindingsFlags {
  json?: true;
  state?: string;
  stack: string;
  region?: string;
  status?: Status;
  limit: number;
}

/** Runs the command with its arguments and gives the exit status. Everything it says goes to stdout or stderr. */
export async function main(args: readonly string[]): Promise<number> {
  let status: number = EXIT.done;
  const program = new Command("plumbline")
    .description("Watches AWS Lambda functions for abuse, from the telemetry that AWS itself gives.")
    .version(version)
    .exitOverride()
    .showHelpAfterError("(see plumbline --help)");

  program
    .command("replay")
    .description("run the whole pipeline over a folder of telemetry on this machine")
    .argument("<dir>", "folder with AWSLogs/, inventory/ and metrics/, as AWS delivers them")
    .option("--json", "print one finding a line as JSON on stdout, and nothing else there")
    .option("--learning-days <n>", "days of history before novelty is reported", wholeNumber(0, 30))
    .option("--config <file>", "JSON with the same detection settings as the CDK context")
    .option("--report <file.html>", "write findings and coverage as an HTML page")
    .option("--state <dir>", "keep the tables there, to go on from them")
    .addOption(
      new Option("--fail-on <severity>", "exit with 3 on findings this grave or graver").choices(SEVERITIES),
    )
    .addHelpText(
      "after",
      "\nExit status: 0 done; 1 could not run; 2 wrong usage; 3 findings at or above --fail-on; 4 done, but some input could not be read; 130 interrupted.",
    )
    .action(async (dir: string, flags: ReplayFlags) => {
      status = await runReplay(dir, flags);
    });

  const findings = program.command("findings").description("read the findings table, in AWS or of a replay");
  const withSource = (command: Command) =>
    command
      .option("--state <dir>", "the tables that a replay kept there")
      .option("--stack <name>", "name of the deployed stack", "Plumbline")
      .option("--region <region>", "Region of the deployed stack (default: as the AWS SDK finds it)")
      .option("--json", "print JSON");
  withSource(findings.command("list", { isDefault: true }))
    .description("list findings, newest first")
    .addOption(new Option("--status <status>", "only those").choices(STATUSES))
    .option("--limit <n>", "most findings to list", wholeNumber(1, 10_000), 100)
    .action(async (flags: FindingsFlags) => {
      await withFindings(flags, (store) => listFindings(store, flags));
    });
  withSource(findings.command("show"))
    .description("show one finding whole")
    .argument("<id>", "as the list or the alert gives it")
    .action(async (id: string, flags: FindingsFlags) => {
      await withFindings(flags, (store) => showFinding(store, id, flags));
    });

  try {
    await program.parseAsync(args, { from: "user" });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    process.stderr.write(`plumbline: ${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT.failed;
  }
}

async function runReplay(dir: string, flags: ReplayFlags): Promise<number> {
  if (!(await stat(dir).catch(() => null))?.isDirectory()) {
    throw new Error(`${dir} is no folder. Give one with AWSLogs/ in it, as synced from S3 (npm start makes a sample)`);
  }
  const config = await readConfig(flags);
  // Loaded late: the SDK and the embedded database take their time, and --help needs neither.
  const { replay } = await import("./replay");
  const { startEmbeddedDynamoDb } = await import("./local/embedded-dynamodb");
  let interrupted = false;
  const interrupt = () => {
    interrupted = true;
  };
  process.once("SIGINT", interrupt);
  const database = await startEmbeddedDynamoDb(flags.state);
  let bar: ReturnType<typeof progress> | undefined;
  try {
    const result = await replay({
      dir,
      config,
      database,
      interrupted: () => interrupted,
      onProgress(done, total) {
        bar ??= progress(total);
        bar.step(done);
      },
    }).finally(() => bar?.stop());
    if (flags.report !== undefined) await writeFile(flags.report, htmlReport(result.findings, result.coverage, dir));
    const coverage = `${coverageText(result.coverage)}\n`;
    if (flags.json) {
      for (const finding of result.findings) process.stdout.write(`${JSON.stringify(finding)}\n`);
      process.stderr.write(coverage);
    } else {
      const known = result.findings.length - result.alerts.length;
      const summary = `${plural(result.findings.length, "finding")}${known > 0 ? `, ${known} of them known from before` : ""}`;
      const parts =
        result.findings.length === 0
          ? ["No findings."]
          : [`${summary}.`, findingsTable(result.findings), ...result.findings.map(findingText)];
      process.stdout.write(`${[...parts, coverage].join("\n\n")}`);
    }
    if (result.interrupted) return EXIT.interrupted;
    const gravest = SEVERITIES.indexOf(flags.failOn ?? "critical");
    if (flags.failOn && result.findings.some(({ severity }) => SEVERITIES.indexOf(severity) >= gravest)) {
      return EXIT.findings;
    }
    return result.coverage.unreadable.length > 0 ? EXIT.partly : EXIT.done;
  } finally {
    process.removeListener("SIGINT", interrupt);
    await database.stop();
  }
}

async function readConfig({ config: file, learningDays }: ReplayFlags): Promise<DetectionConfig> {
  let settings: unknown = {};
  if (file !== undefined) {
    try {
      settings = JSON.parse(await readFile(file, "utf8"));
    } catch (cause) {
      throw new Error(`The configuration ${file} cannot be read: ${(cause as Error).message}`, { cause });
    }
  }
  const config = parseConfig(detectionConfig, settings, file ?? "the defaults");
  return learningDays === undefined ? config : { ...config, learningDays };
}

async function withFindings(flags: FindingsFlags, use: (store: FindingStore) => Promise<void>): Promise<void> {
  if (flags.state === undefined) {
    const { deployedFindings } = await import("./deployed-findings");
    return use(await deployedFindings(flags.stack, flags.region));
  }
  if (!existsSync(join(flags.state, "dynamodb"))) {
    throw new Error(`${flags.state} holds no tables: plumbline replay DIR --state ${flags.state} makes them`);
  }
  const { startEmbeddedDynamoDb } = await import("./local/embedded-dynamodb");
  const database = await startEmbeddedDynamoDb(flags.state);
  try {
    const retention = detectionConfig.parse({}).findingRetentionDays;
    await use(findingStore(database.client, database.tables.findings, retention));
  } finally {
    await database.stop();
  }
}

async function listFindings(store: FindingStore, { status, limit, json }: FindingsFlags): Promise<void> {
  const findings = (await store.list({ limit, ...(status && { status }) })).map(publicFinding);
  if (json) for (const finding of findings) process.stdout.write(`${JSON.stringify(finding)}\n`);
  else process.stdout.write(findings.length === 0 ? "No findings.\n" : `${findingsTable(findings)}\n`);
}

async function showFinding(store: FindingStore, id: string, { json }: FindingsFlags): Promise<void> {
  const record = await store.get(id);
  if (record === null) throw new Error(`There is no finding ${id}. plumbline findings list shows those there are`);
  const finding = publicFinding(record);
  process.stdout.write(json ? `${JSON.stringify(finding)}\n` : `${findingsTable([finding])}\n\n${findingText(finding)}\n`);
}

function wholeNumber(least: number, most: number) {
  return (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}
