/**
 * Alerts -> SQS -> here, a schedule, and `plumbline contain`: cuts off what the owner's rules, or a person, say, ends what
 * is over, and repairs what is not as it should be.
 */
import { EC2Client } from "@aws-sdk/client-ec2";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { WAFV2Client } from "@aws-sdk/client-wafv2";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { z } from "zod";
import { containmentWorld } from "./adapters/aws/containment-world";
import { containmentSettings, optionalSetting } from "./adapters/aws/environment";
import { ipSets } from "./adapters/aws/ip-sets";
import { networkAcls } from "./adapters/aws/network-acls";
import { reservedConcurrency } from "./adapters/aws/reserved-concurrency";
import {
  deployedAlerts,
  deployedBaselines,
  deployedBlocks,
  deployedFindings,
  deployedInventory,
  deployedNetworks,
  lambdaHandler,
  logger,
  once,
  systemClock,
} from "./adapters/aws/runtime";
import { type Responder, responder } from "./adapters/containment/responder";
import { eachMessage } from "./adapters/each-message";
import type { Log } from "./adapters/ports";
import type { Block } from "./core/containment/block";
import { ACTIONS, MODES } from "./core/containment/containment";
import { type Finding, publicFinding } from "./core/finding";
import { cleanText } from "./core/text";

const by = z.string().transform((text) => cleanText(text, 300));

/** What `plumbline contain` sends. */
export const personsRequest = z.discriminatedUnion("ask", [
  z.strictObject({
    ask: z.literal("contain"),
    findingId: z.string().max(100),
    action: z.enum(ACTIONS),
    mode: z.enum(MODES),
    hours: z.number().int().min(1).max(720).optional(),
    isConfirmed: z.boolean(),
    by,
  }),
  z.strictObject({ ask: z.literal("undo"), id: z.string().max(100), by }),
  z.strictObject({ ask: z.literal("list") }),
]);
export type PersonsAsking = z.infer<typeof personsRequest>;

export type Answer = { readonly finding: Finding } | { readonly blocks: readonly Block[] };

/** An alert as it comes: the finding as JSON. Its id is all that is believed of it; the rest is read from the table. */
const alert = z.object({ id: z.string().max(100) });

export function respondHandler({ respond, contain, undo, list, reconcile }: Responder, log: Log) {
  const handleAlerts = eachMessage(async ({ body }) => {
    await respond(alert.parse(JSON.parse(body)).id);
  }, log);

  return async (event: unknown, context?: Context): Promise<SQSBatchResponse | Answer | undefined> => {
    if (isObject(event) && "Records" in event) return handleAlerts(event as unknown as SQSEvent, context);
    if (!(isObject(event) && "ask" in event)) {
      log.info("Blocks were held against what is there", { ...(await reconcile()) });
      return undefined;
    }
    const asking = personsRequest.parse(event);
    if (asking.ask === "list") return { blocks: await list() };
    if (asking.ask === "undo") return { blocks: [await undo(asking.id, asking.by)] };
    const { ask: _, ...request } = asking;
    return { finding: publicFinding(await contain(request)) };
  };
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

const deployed = once(() => {
  const policy = containmentSettings();
  const ec2 = new EC2Client({});
  const places = {
    networkAcl: networkAcls(ec2, policy),
    ipSet: ipSets(new WAFV2Client({})),
    stopFunction: reservedConcurrency(new LambdaClient({})),
  };
  const { networkAcl, ipSet, stopFunction } = places;
  const arns = optionalSetting("ipSets")?.split(",") ?? [];
  return respondHandler(
    responder({
      policy,
      places,
      world: containmentWorld(ec2, networkAcl, ipSet, stopFunction, arns),
      blocks: deployedBlocks(),
      inventory: deployedInventory(),
      baselines: deployedBaselines(),
      networks: deployedNetworks(),
      findings: deployedFindings(),
      alerts: deployedAlerts(),
      clock: systemClock,
      log: logger(),
    }),
    logger(),
  );
});

export const handler = lambdaHandler(deployed);
