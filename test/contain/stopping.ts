/** A function that is stopped, and has back what it had. */
import { deepStrictEqual as same } from "node:assert/strict";
import {
  CreateFunctionCommand,
  GetFunctionConcurrencyCommand,
  PutFunctionConcurrencyCommand,
} from "@aws-sdk/client-lambda";
import { HOUR } from "../../functions/core/time";
import { roleArn } from "./role";
import { story } from "./story";
import { FUNCTION } from "./world";

const POLICY = { stoppable: [FUNCTION] };

export const stopping = story(async (world, { say, check }) => {
  const { lambda } = world;
  const reserved = async () =>
    (await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName: FUNCTION })))
      .ReservedConcurrentExecutions ?? null;
  const reserve = (count: number) =>
    lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName: FUNCTION, ReservedConcurrentExecutions: count }),
    );
  const stop = async (address: string) =>
    world.responder(POLICY).contain({
      findingId: await world.find(address),
      action: "stopFunction",
      mode: "enforce",
      by: "arn:aws:iam::111122223333:user/eve",
      isConfirmed: false,
    });
  const blockId = async () => (await world.responder(POLICY).list())[0]?.id as string;

  await say("A function without a reserve is stopped, and undone it has none again", async () => {
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName: FUNCTION,
        Role: await roleArn(world.url),
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Code: { ZipFile: new Uint8Array([80, 75, 5, 6, ...Array<number>(18).fill(0)]) },
      }),
    );
    same((await stop("203.0.113.1")).containment?.refused, null);
    same(await reserved(), 0);
    await world.responder(POLICY).undo(await blockId(), "eve");
    same(await reserved(), null);
  });
  await check("One with a reserve has it back when the time is over", async () => {
    await reserve(7);
    await stop("203.0.113.2");
    same(await reserved(), 0);
    world.now += 25 * HOUR;
    await world.responder(POLICY).reconcile();
    same(await reserved(), 7);
  });
  await check("What somebody set after it ended stays", async () => {
    await reserve(0);
    await world.responder(POLICY).reconcile();
    same(await reserved(), 0);
  });
});
