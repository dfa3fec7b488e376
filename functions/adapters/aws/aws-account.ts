import { type EC2Client, paginateDescribeNetworkInterfaces } from "@aws-sdk/client-ec2";
import { type LambdaClient, paginateListFunctions } from "@aws-sdk/client-lambda";
import { parseFunctions, parseInterfaces } from "../../core/attribution/snapshot";
import type { Account } from "../ports";

/**
 * Looks at an account and Region through the Lambda and EC2 APIs. All versions of the functions are listed, since an old
 * published version keeps its interfaces; the interfaces are paged, since the call fails on large accounts otherwise.
 */
export function awsAccount(lambda: LambdaClient, ec2: EC2Client): Account {
  return {
    async look() {
      const functions: unknown[] = [];
      for await (const page of paginateListFunctions({ client: lambda }, { FunctionVersion: "ALL" })) {
        functions.push(...(page.Functions ?? []));
      }
      const interfaces: unknown[] = [];
      const everyInterface = { MaxResults: 1000, IncludeManagedResources: true };
      for await (const page of paginateDescribeNetworkInterfaces({ client: ec2 }, everyInterface)) {
        interfaces.push(...(page.NetworkInterfaces ?? []));
      }
      const parsedFunctions = parseFunctions({ Functions: functions });
      const parsedInterfaces = parseInterfaces({ NetworkInterfaces: interfaces });
      return {
        snapshot: { functions: parsedFunctions.items, interfaces: parsedInterfaces.items },
        problems: [
          ...parsedFunctions.problems.map((reason) => ({ ref: "lambda:ListFunctions", reason })),
          ...parsedInterfaces.problems.map((reason) => ({ ref: "ec2:DescribeNetworkInterfaces", reason })),
        ],
      };
    },
  };
}
