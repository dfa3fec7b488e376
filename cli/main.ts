/** The `plumbline` command: what can be asked of it. */
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { ACTIONS } from "../functions/core/containment/containment";
import { STATUSES } from "../functions/core/finding";
import { SEVERITIES } from "../functions/core/severity";
import { cleanLines } from "../functions/core/text";
import { version } from "../package.json";
import { type ContainFlags, containCommand, containListCommand, containUndoCommand } from "./contain-command";
import { doctorCommand } from "./doctor-command";
import { EXIT } from "./exit";
import {
  type ListFlags,
  listCommand,
  type SourceFlags,
  showCommand,
  statusCommand,
} from "./findings-command";
import { type ReplayFlags, replayCommand } from "./replay-command";

// The exact versions that are installed do run on Node 20; what later ones need is for whoever updates them.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

/** Runs the command with its arguments and gives the exit status. All it has to say goes to stdout and stderr. */
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
    .option("--config <file>", "JSON with the detection settings of the CDK context")
    .option("--ip-ranges <file>", "AWS's ip-ranges.json (default: inventory/ip-ranges.json in the folder)")
    .option("--network-db <file.mmdb>", "a database of networks of your own, asked first")
    .option("--threat-lists <dir>", "lists of addresses to report, beside threat-lists/ in the folder")
    .option("--report <file.html>", "write findings and coverage as an HTML page")
    .option("--state <dir>", "keep the tables there, to go on from them")
    .addOption(
      new Option("--fail-on <severity>", "exit with 3 on findings this grave or graver").choices(SEVERITIES),
    )
    .addOption(new Option("--contain <mode>", "tell what containment would have done").choices(["dry-run"]))
    .addHelpText(
      "after",
      "\nExit status: 0 done; 1 could not run; 2 wrong usage; 3 findings at or above --fail-on\n(whether or not all was read); 4 done, but some input could not be read; 130 interrupted.",
    )
    .action(async (dir: string, flags: ReplayFlags) => {
      status = await replayCommand(dir, flags);
    });

  const findings = program
    .command("findings")
    .description("read the findings table, in AWS or of a replay, and settle findings");
  withSource(findings.command("list", { isDefault: true }))
    .description("list findings, newest first")
    .addOption(new Option("--status <status>", "only those").choices(STATUSES))
    .option("--limit <n>", "most findings to list", wholeNumber(1, 10_000), 100)
    .action(async (flags: ListFlags) => {
      await listCommand(flags);
    });
  withSource(findings.command("show"))
    .description("show one finding whole")
    .argument("<id>", "as the list or the alert gives it")
    .action(async (id: string, flags: SourceFlags) => {
      await showCommand(id, flags);
    });

  const changes = [
    ["mute", "muted", "count it on in silence"],
    ["resolve", "resolved", "it is dealt with; opens again if it comes back"],
    ["open", "open", "undo either"],
  ] as const;
  for (const [name, to, description] of changes) {
    withSource(findings.command(name))
      .description(description)
      .argument("<id>", "as the list or the alert gives it")
      .action((id: string, flags: SourceFlags) => statusCommand(id, to, flags));
  }

  const contain = program
    .command("contain")
    .description("have the deployed responder block what a finding is about, or stop the function");
  withStack(contain.command("finding", { isDefault: true }))
    .description("ask for it; a dry run unless it says --enforce")
    .argument("<id>", "of the finding, as the list or the alert gives it")
    .addOption(
      new Option("--action <action>", "a network ACL's deny, a WAF IP set, or a reserved concurrency of 0")
        .choices(ACTIONS)
        .default("networkAcl"),
    )
    .option("--hours <n>", "after which it ends by itself (default: as deployed)", wholeNumber(1, 720))
    .option("--enforce", "do it, instead of telling what would be done")
    .option("--yes", "although it is not certain which function it was, or others are hit, too")
    .action((id: string, flags: ContainFlags) => containCommand(id, flags));
  withStack(contain.command("list"))
    .description("list blocks, those that hold first")
    .action(containListCommand);
  withStack(contain.command("undo"))
    .description("end a block before its time")
    .argument("<id>", "of the block, as the list gives it")
    .action(containUndoCommand);

  withSource(program.command("doctor"))
    .description("say what keeps Plumbline from seeing, and how to mend it; it changes nothing")
    .argument("[dir]", "a folder of telemetry; without it and --state the deployed stack is looked at")
    .addHelpText(
      "after",
      "\nExit status: 0 nothing is wrong; 1 could not run; 2 wrong usage; 3 problems (warnings are none);\n4 no problems, but something could not be looked at.",
    )
    .action(async (dir: string | undefined, flags: SourceFlags) => {
      status = await doctorCommand(dir, flags);
    });

  try {
    await program.parseAsync(args, { from: "user" });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.wrongUsage;
    const message = error instanceof Error ? error.message : String(error);
    // It may quote a file, or the answer of a service.
    process.stderr.write(`plumbline: ${cleanLines(message)}\n`);
    return EXIT.couldNotRun;
  }
}

const withSource = (command: Command) =>
  withStack(command.option("--state <dir>", "the tables that a replay kept there"));

const withStack = (command: Command) =>
  command
    .option("--stack <name>", "name of the deployed stack", "Plumbline")
    .option("--region <region>", "Region of the deployed stack (default: as the AWS SDK finds it)")
    .option("--json", "print JSON");

function wholeNumber(least: number, most: number) {
  return (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}
