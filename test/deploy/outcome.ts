/** What came of it: findings in the table, alerts at a subscriber. */
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { Finding } from "../../functions/core/finding";
import type { Subscriber } from "./alerts";
import { eventually } from "./waiting";
import type { World } from "./world";

/** Runs a function of the stack as its schedule would. Throws with its error where it fails. */
export async function invoke({ clients, deployment }: World, path: string): Promise<void> {
  const { FunctionError, Payload } = await clients.lambda.send(
    new InvokeCommand({ FunctionName: deployment.of(path), Payload: "{}" }),
  );
  if (FunctionError !== undefined) throw new Error(`${path}: ${Payload?.transformToString()}`);
}

export async function findingsIn({ clients, deployment }: World): Promise<Finding[]> {
  const TableName = deployment.of("Tables/Findings");
  const { Items = [] } = await clients.dynamoDb.send(new ScanCommand({ TableName }));
  return Items as Finding[];
}

/** What arrives until there are `count`, and what came beyond them. */
export async function arrivedAt(subscriber: Subscriber, count: number): Promise<Finding[]> {
  const all: Finding[] = [];
  await eventually(`${count} alerts`, 30, async () => {
    all.push(...(await subscriber.arrived()));
    return all.length >= count ? true : null;
  });
  return all;
}

export const idsOf = (findings: readonly Finding[]): string[] => findings.map(({ id }) => id).sort();
