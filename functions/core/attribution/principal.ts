/** Who changed something, as an owner would say: a person, or a role that does its work. */

import type { TrailEvent, TrailIdentity } from "../telemetry/trail-event";
import { cleanText } from "../text";

export interface Principal {
  /** The same for every session of one person or role. */
  readonly key: string;
  readonly name: string;
  /** An IAM user, the root user, a federated user, somebody signed in through IAM Identity Center or in the console. */
  readonly isPerson: boolean;
  /** CloudFormation did it, for a stack. */
  readonly isStack: boolean;
}

/** Tools that deploy by themselves, often with the keys of a user that nobody is. Whoever calls can claim to be one. */
const TOOL = /\b(Terraform|OpenTofu|Pulumi|Ansible|GitHub-?Actions|CloudFormation)\b/i;
const CLOUDFORMATION = "cloudformation.amazonaws.com";

const SSO_ROLE = /(^|\/)AWSReservedSSO_([^/]+?)_[0-9a-f]+$/;

/**
 * Who made a call. A user whose keys a tool uses is another principal with the tool than without it: what the tool does as
 * a rule does not make the same usual by hand.
 */
export function principalOf({ identity, sourceIp, userAgent }: CallerFields): Principal {
  const isStack = identity.invokedBy === CLOUDFORMATION || sourceIp === CLOUDFORMATION;
  const tool = identity.type === "IAMUser" ? TOOL.exec(userAgent ?? "")?.[1] : undefined;
  const who = whoIs(identity);
  return tool === undefined
    ? { ...who, isStack }
    : {
        key: `tool/${tool.toLowerCase()}/${who.key}`,
        name: `${who.name} (${tool})`,
        isPerson: false,
        isStack,
      };
}

type CallerFields = Pick<TrailEvent, "identity" | "sourceIp" | "userAgent">;

function whoIs(identity: TrailIdentity): Omit<Principal, "isStack"> {
  const { type, arn, roleArn, sessionName, userName, accountId, invokedBy, fromConsole } = identity;
  if (type === "Root") return person(`root/${accountId ?? "unknown"}`, "the root user");
  if (type === "AssumedRole" && (roleArn ?? arn) !== null) {
    // Whoever assumes a role names the session; a person is told by it, a pipeline names each run anew.
    const role = roleArn ?? (arn as string).split("/").slice(0, 2).join("/");
    const sso = SSO_ROLE.exec(role);
    const session = sessionName ?? "unknown";
    if (sso !== null) return person(`sso/${role}/${session}`, `${session} (IAM Identity Center, ${sso[2]})`);
    const name = role.split("/").at(-1) ?? role;
    if (fromConsole) return person(`console/${role}/${session}`, `${session} (role ${name}, in the console)`);
    return { key: `role/${role}`, name: `role ${name}`, isPerson: false };
  }
  const named = userName ?? arn?.split("/").at(-1);
  if (type === "IAMUser" || type === "FederatedUser" || type === "SAMLUser" || type === "WebIdentityUser")
    return person(`user/${arn ?? named ?? "unknown"}`, `user ${named ?? "unknown"}`);
  if (type === "IdentityCenterUser")
    return person(`identity-center/${arn ?? named}`, `user ${named ?? "unknown"}`);
  const service = invokedBy ?? arn ?? type ?? "unknown";
  return { key: `other/${service}`, name: cleanText(service, 100), isPerson: false };
}

const person = (key: string, name: string) => ({ key, name, isPerson: true });
