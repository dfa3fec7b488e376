/** What the functions called, held against what their roles allow. The emulator enforced the same policies meanwhile. */
import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from "@aws-sdk/client-iam";
import { GetFunctionConfigurationCommand, UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { apiCall } from "../support/permissions/api-call";
import { isDoneByAws } from "../support/permissions/in-the-role";
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

/** What comes of a race or of a day's time, and not of this run; `test/permissions/roles.test.ts` makes it come. */
const NOT_HERE: readonly [RegExp, string][] = [
  [/^dynamodb:GetItem on .*TablesBaselines/, "only where two containers write one item at once"],
  [/^dynamodb:DeleteItem on .*TablesBaselines/, "only beyond the most that is kept of an entity"],
  [/^dynamodb:GetItem on .*TablesInventory/, "only where AWS's address ranges could be downloaded"],
  [/^dynamodb:DeleteItem on .*TablesInventory/, "only when AWS has published other ranges"],
];

export async function permissions({ check, deployment, gateway }: World): Promise<void> {
  const where = whereOf(deployment.template, deployment);
  for (const { logicalId, description, statements } of stackRoles(deployment.template, deployment)) {
    const calls = gateway.calls.filter(({ caller }) => caller === logicalId);
    const told = `The function that ${description} called what its role allows, all of it and no more`;
    await check(`${told} (${calls.length} calls)`, () => {
      const asked = calls.map(({ service, operation, input }) => apiCall(service, operation, input, where));
      const { denied, unused } = judge(asked, statements);
      equal(denied, []);
      equal(calls.filter(({ status }) => status === 403).length, 0);
      const idle = unused.filter((grant) => !isDoneByAws(grant)).map(grantText);
      equal(
        idle.filter((text) => !NOT_HERE.some(([grants]) => grants.test(text))),
        [],
      );
    });
  }
}

/** The proof of the proof: IAM is enforced, for those that none of this is meant for. */
export async function enforcement({
  say,
  clients: { iam },
  deployment,
  gateway,
  emulator,
}: World): Promise<void> {
  const UserName = "stranger";
  const Bucket = deployment.of("FlowLogSource/Bucket");
  const { stranger, plain } = await say("A user without a policy is made", async () => {
    await iam.send(new CreateUserCommand({ UserName }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
    const credentials = {
      accessKeyId: AccessKey?.AccessKeyId as string,
      secretAccessKey: AccessKey?.SecretAccessKey as string,
    };
    const at = (endpoint: string) => new S3Client({ endpoint, region: deployment.region, credentials });
    return { stranger: at(gateway.url), plain: at(emulator.url) };
  });
  const list = new ListObjectsV2Command({ Bucket });
  await say("It may not look into the bucket", () => refused(stranger.send(list)));
  await say("With a policy for everything it may", async () => {
    const PolicyDocument = JSON.stringify({
      Version: "2012-10-17",
      Statement: { Effect: "Allow", Action: "*", Resource: "*" },
    });
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: "everything", PolicyDocument }));
    await stranger.send(list);
  });
  await say("Without TLS it may not even then", () => refused(plain.send(list)));
}

async function refused(answer: Promise<unknown>): Promise<void> {
  const name = await answer.then(
    () => "nothing",
    (error: Error) => error.name,
  );
  equal(name, "AccessDenied");
}
