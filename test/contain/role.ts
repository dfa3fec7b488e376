/** A role for a function, by the query API of IAM: one request is not worth a client. */
export async function roleArn(url: string): Promise<string> {
  const answer = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      // Moto reads the service from the scope, and checks no signature.
      authorization:
        "AWS4-HMAC-SHA256 Credential=test/20261001/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=none",
    },
    body: new URLSearchParams({
      Action: "CreateRole",
      Version: "2010-05-08",
      RoleName: `function-${Math.random().toString(36).slice(2)}`,
      AssumeRolePolicyDocument: "{}",
    }),
  });
  const arn = /<Arn>([^<]+)<\/Arn>/.exec(await answer.text())?.[1];
  if (arn === undefined) throw new Error(`The role cannot be made: ${answer.status}`);
  return arn;
}
