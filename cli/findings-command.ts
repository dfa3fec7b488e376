/** `plumbline findings list`, `show ID`, and `mute`, `resolve` and `open ID` */
import { findingStore } from "../functions/adapters/dynamodb/finding-store";
import type { FindingStore } from "../functions/adapters/ports";
import { detectionConfig } from "../functions/core/config";
import { publicFinding, type Status } from "../functions/core/finding";
import { deployedFindings } from "./deployed-findings";
import { openState } from "./local/state";
import { findingsTable, findingText } from "./render";

export interface SourceFlags {
  readonly json?: true;
  readonly state?: string;
  readonly stack: string;
  readonly region?: string;
}

export interface ListFlags extends SourceFlags {
  readonly status?: Status;
  readonly limit: number;
}

/** Prints findings, newest first. */
export async function listCommand(flags: ListFlags): Promise<void> {
  await withFindings(flags, async (store) => {
    const { status, limit } = flags;
    const findings = (await store.list({ limit, ...(status && { status }) })).map(publicFinding);
    if (flags.json) for (const finding of findings) print(JSON.stringify(finding));
    else print(findings.length === 0 ? "No findings." : findingsTable(findings));
  });
}

/** Prints one finding whole. Rejects where there is no such one. */
export async function showCommand(id: string, flags: SourceFlags): Promise<void> {
  await withFindings(flags, async (store) => {
    const record = await store.get(id);
    if (record === null)
      throw new Error(`There is no finding ${id}. plumbline findings list shows those there are`);
    const finding = publicFinding(record);
    print(flags.json ? JSON.stringify(finding) : `${findingsTable([finding])}\n\n${findingText(finding)}`);
  });
}

/** Gives a finding another status: what is resolved opens again when it comes back, what is muted does not. */
export async function statusCommand(id: string, status: Status, flags: SourceFlags): Promise<void> {
  await withFindings(flags, async (store) => {
    const finding = publicFinding(await store.setStatus(id, status));
    print(flags.json ? JSON.stringify(finding) : `${finding.title}: ${finding.status}`);
  });
}

async function withFindings(
  { state, stack, region }: SourceFlags,
  use: (store: FindingStore) => Promise<void>,
): Promise<void> {
  if (state === undefined) return use(await deployedFindings(stack, region));
  const database = await openState(state);
  try {
    const { findingRetentionDays } = detectionConfig.parse({});
    await use(findingStore(database.client, database.tables.findings, findingRetentionDays));
  } finally {
    await database.stop();
  }
}

const print = (text: string) => process.stdout.write(`${text}\n`);
