/**
 * Sees: a function's policy that lets everybody, or another account, invoke it.
 * Why: it is how an attacker comes back without credentials, and how a function is left open by mistake.
 * A condition that narrows it to this account, its organization or a source makes `*` harmless. RemovePermission ends it.
 */
import { entityName } from "../attribution/entity";
import { statementOf } from "../attribution/grant";
import { accountIn, awsPrincipals } from "../attribution/grantee";
import { flagAt, type JsonFields, textAt } from "../telemetry/json-fields";
import type { TrailEvent } from "../telemetry/trail-event";
import { ending, isOfFunction, plainSighting } from "./change-sighting";
import type { ChangeDetector } from "./detector";

const PUBLIC = 9.5;
const FOREIGN = 7.5;
const FOREIGN_OF_ORGANIZATION = 5;

export const publicInvokePermission: ChangeDetector = {
  type: "PublicInvokePermission",
  judges: "change",
  source: "trail",
  title: "A permission for everybody, or for another account, to invoke a function",
  severity: "critical",
  misses:
    "Permissions of before Plumbline; a service without a source condition, or with a source of another account; whose a bucket is that everybody may come from; what an organization's id stands for; layers and code that are shared.",
  reference: "https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html",
  mitre: ["T1098", "T1648"],
  lookAt:
    "Who needs this? If nobody does: aws lambda remove-permission with the statement id, then look at its invocations.",
  detect(change, baseline, { entity }) {
    const { event } = change;
    if (!isOfFunction(entity) || event.service !== "lambda") return "normal";
    const deviation = statementOf(event);
    if (event.action === "RemovePermission") return ending(change, deviation);
    if (event.action !== "AddPermission" || !allowsInvoking(event)) return "normal";
    const grant = widest(event, entity.accountId);
    if (grant === null) return "normal";
    const name = entityName(entity);
    return plainSighting(
      change,
      {
        deviation,
        score: grant.score,
        title: `${grant.who} may invoke ${name}`,
        detail: `${grant.who.toLowerCase()} may invoke it (${deviation})`,
        reasons: [grant.why],
      },
      baseline,
    );
  },
};

const allowsInvoking = ({ request }: TrailEvent) =>
  /^(lambda:(Invoke(Function|Async|FunctionUrl)?\*?|\*)|\*)$/i.test(textAt(request, "action") ?? "");

interface Grant {
  readonly who: string;
  readonly score: number;
  readonly why: string;
}

/** The widest of what a statement grants; `null` where that is nothing out of the ordinary. */
function widest({ request }: TrailEvent, accountId: string | null): Grant | null {
  const organization = textAt(request, "principalOrgID") ?? textAt(request, "principalOrgId");
  const source = textAt(request, "sourceArn", 400);
  const sourceAccount = accountIn(textAt(request, "sourceAccount")) ?? accountIn(source);
  const isNarrowed = organization !== null || sourceAccount !== null || isOneSource(source);
  const grants = awsPrincipals(request.principal).map((principal): Grant | null => {
    if (principal === "*") {
      if (isOfPublicUrl(request)) return null;
      if (!isNarrowed) return { who: "Everybody", score: PUBLIC, why: NOT_NARROWED };
      return sourceAccount === null || sourceAccount === accountId ? null : foreign(sourceAccount, null);
    }
    const account = accountIn(principal);
    return account === null || account === accountId ? null : foreign(account, organization);
  });
  return grants.reduce((a, b) => ((b?.score ?? 0) > (a?.score ?? 0) ? b : a), null);
}

const NOT_NARROWED = "No condition narrows it. An identity of any AWS account will do.";

/** What goes in by a URL without IAM is told of the URL. One with IAM asks only that callers have an identity at all. */
const isOfPublicUrl = (request: JsonFields) =>
  textAt(request, "action") === "lambda:InvokeFunctionUrl"
    ? textAt(request, "functionUrlAuthType") === "NONE"
    : textAt(request, "action") === "lambda:InvokeFunction" &&
      flagAt(request, "invokedViaFunctionUrl") === true;

/** Whether an ARN without an account names something: `arn:aws:s3:::*` is all buckets of all the world. */
const isOneSource = (arn: string | null) => arn !== null && /^arn:[\w-]+:[\w-]+:[\w-]*::[^*?]/.test(arn);

const foreign = (account: string, organization: string | null): Grant => ({
  who: `Account ${account}`,
  score: organization === null ? FOREIGN : FOREIGN_OF_ORGANIZATION,
  why:
    organization === null
      ? "It is another account."
      : `It is another account, of the organization ${organization}.`,
});
