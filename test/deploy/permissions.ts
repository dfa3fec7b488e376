/** What the functions called, held against what their roles allow. The emulator enforced the same policies meanwhile. */
import { GetFunctionConfigurationCommand, UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { apiCall } from "../support/permissions/api-call";
import { grantText, judge } from "../support/permissions/policy";
import { stackRoles, whereOf } from "../support/permissions/stack-roles";
import { equal } from "./equal";
import type { World } from "./world";

/** Lets each function say who it is in the user agent of its calls: the SDK reads it from the environment. */
export async function nameCallers({ clients, deployment }: World): Promise<void> {
  for (const { logicalId } of stackRoles(deployment.template, deployment)) {
    const FunctionName = deployment.name(logicalId);
    const { Environment } = await clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const Variables = { ...Environment?.Variables, AWS_SDK_UA_APP_ID: logicalId };
    await clients.lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }),
    );
  }
}

export async function permissions({ check, deployment, gateway }: World): Promise<void> {
  const where = whereOf(deployment.template, deployment);
  for (const { logicalId, description, statements } of stackRoles(deployment.template, deployment)) {
    const calls = gateway.calls.filter(({ caller }) => caller === logicalId);
    await check(
      `The function that ${description} calls only what its role allows (${calls.length} calls)`,
      () => {
        const asked = calls.map(({ service, operation, input }) => apiCall(service, operation, input, where));
        const { denied, unused } = judge(asked, statements);
        equal(denied, []);
        equal(calls.filter(({ status }) => status === 403).length, 0);
        equal(unused.map(grantText), []);
        if (calls.length === 0) throw new Error("It called nothing");
      },
    );
  }
}
