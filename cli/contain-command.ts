/** `plumbline contain ID`, `contain list`, `contain undo ID`: what a person asks the deployed responder for. */
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import Table from "cli-table3";
import type { Block } from "../functions/core/containment/block";
import { type Action, containmentText } from "../functions/core/containment/containment";
import type { Answer, PersonsAsking } from "../functions/respond";
import { type StackFlags, stackOutput } from "./deployed-stack";

export interface ContainFlags extends StackFlags {
  readonly action: Action;
  readonly hours?: number;
  readonly enforce?: true;
  readonly yes?: true;
  readonly json?: true;
}

export async function containCommand(findingId: string, flags: ContainFlags): Promise<void> {
  const answer = await ask(flags, (by) => ({
    ask: "contain",
    findingId,
    action: flags.action,
    mode: flags.enforce ? "enforce" : "dryRun",
    isConfirmed: flags.yes ?? false,
    ...(flags.hours !== undefined && { hours: flags.hours }),
    by,
  }));
  if (!("finding" in answer)) throw new Error("The responder gave no finding back");
  const { containment } = answer.finding;
  print(
    flags.json
      ? JSON.stringify(answer.finding)
      : containment
        ? containmentText(containment)
        : "Nothing was done.",
  );
}

export async function containListCommand(flags: StackFlags & { json?: true }): Promise<void> {
  printBlocks(await ask(flags, () => ({ ask: "list" })), flags.json);
}

export async function containUndoCommand(id: string, flags: StackFlags & { json?: true }): Promise<void> {
  printBlocks(await ask(flags, (by) => ({ ask: "undo", id, by })), flags.json);
}

/** Has the deployed function do it: it has the permissions, and keeps the story of who asked. */
async function ask(flags: StackFlags, asking: (by: string) => PersonsAsking): Promise<Answer> {
  const functionName = await stackOutput(flags, "RespondFunction");
  const options = flags.region === undefined ? {} : { region: flags.region };
  const { Arn = "unknown" } = await new STSClient(options).send(new GetCallerIdentityCommand({}));
  const { Payload, FunctionError } = await new LambdaClient(options).send(
    new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(asking(Arn)) }),
  );
  const answer = JSON.parse(new TextDecoder().decode(Payload) || "null");
  if (FunctionError !== undefined) throw new Error(String(answer?.errorMessage ?? FunctionError));
  return answer;
}

function printBlocks(answer: Answer, json: true | undefined): void {
  if (!("blocks" in answer)) throw new Error("The responder gave no blocks back");
  const { blocks } = answer;
  if (json) for (const block of blocks) print(JSON.stringify(block));
  else print(blocks.length === 0 ? "No blocks." : blocksTable(blocks));
}

function blocksTable(blocks: readonly Block[]): string {
  const table = new Table({
    head: ["State", "Action", "Target", "Where", "From", "Until", "Asked by", "Id"],
    style: { head: [], border: [], compact: true },
  });
  for (const block of blocks) {
    const { action, target, resource, from, until, audit, id } = block;
    table.push([
      stateOf(block),
      action,
      target,
      resource,
      from,
      block.endedAt ?? until,
      audit[0]?.by ?? "",
      id,
    ]);
  }
  return table.toString();
}

function stateOf({ mode, endedAt, confirmedAt, removedAt }: Block): string {
  if (mode === "dryRun") return endedAt === null ? "dry run" : "dry run, over";
  if (endedAt === null) return confirmedAt === null ? "asked for" : "holds";
  return removedAt === null ? "ends" : "over";
}

const print = (text: string) => process.stdout.write(`${text}\n`);
