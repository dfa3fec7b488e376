/** What came of it: findings in the table, alerts at a subscriber. */
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { Finding } from "../../functions/core/finding";
import type { Subscriber } from "./alerts";
import { drained } from "./queues";
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

/**
 * Delivers, and waits until something was learned from it and nothing of it is in hand. An empty queue alone says
 * little: what S3 sends comes there a moment after the object is put.
 */
export async function learned(world: World, queue: string, deliver: () => Promise<void>): Promise<void> {
  const before = await baselinesIn(world);
  await deliver();
  await eventually(`baselines with what came by ${queue}`, 90, async () =>
    (await baselinesIn(world)) === before ? null : true,
  );
  await drained(world, queue, 90);
}

async function baselinesIn({ clients, deployment }: World): Promise<string> {
  const TableName = deployment.of("Tables/Baselines");
  const { Items = [] } = await clients.dynamoDb.send(new ScanCommand({ TableName }));
  return JSON.stringify(Items);
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
