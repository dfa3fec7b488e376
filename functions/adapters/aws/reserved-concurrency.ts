/** Functions that are stopped, by the Lambda API. */
import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConcurrencyCommand,
  type LambdaClient,
  PutFunctionConcurrencyCommand,
} from "@aws-sdk/client-lambda";
import { type Block, holds } from "../../core/containment/block";
import { planConcurrency } from "../../core/containment/reserved-concurrency";
import type { Place } from "../ports";

export interface ReservedConcurrency extends Place {
  /** `null`: the function has none. */
  read(functionArn: string): Promise<number | null>;
}

export function reservedConcurrency(lambda: LambdaClient): ReservedConcurrency {
  async function read(functionArn: string): Promise<number | null> {
    const { ReservedConcurrentExecutions } = await lambda.send(
      new GetFunctionConcurrencyCommand({ FunctionName: functionArn }),
    );
    return ReservedConcurrentExecutions ?? null;
  }

  return {
    read,
    async settle(functionArn, blocks) {
      const [block] = blocks;
      if (block === undefined || block.removedAt !== null) return null;
      try {
        const plan = planConcurrency(await read(functionArn), holds(block), reservedBefore(block));
        if (plan === null)
          await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: functionArn }));
        else if (plan !== "keep")
          await lambda.send(
            new PutFunctionConcurrencyCommand({
              FunctionName: functionArn,
              ReservedConcurrentExecutions: plan,
            }),
          );
        return null;
      } catch (error) {
        if ((error as Error).name !== "ResourceNotFoundException") throw error;
        return holds(block) ? `There is no function ${functionArn} any more.` : null;
      }
    },
  };
}

const reservedBefore = ({ before }: Block): number | null =>
  before !== null && "reservedConcurrency" in before ? before.reservedConcurrency : null;
