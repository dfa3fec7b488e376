/** CloudTrail and EventBridge: whether calls and changes are seen. */
import { listed } from "../../../functions/core/text";
import { check, type Remark } from "../check";
import { isOwnRule, type Rule } from "../facts";

const trail = check({
  id: "trail",
  needs: ["trails"],
  fine: "A trail logs management events here, reads and writes.",
  look({ trails }): Remark[] {
    const logging = trails.filter(({ isLogging }) => isLogging);
    const keeps = (what: "reads" | "writes") => logging.some((one) => one.keeps?.[what] ?? true);
    if (trails.length === 0) {
      return [
        {
          mark: "problem",
          says: "There is no trail in this Region, so EventBridge gets no event of CloudTrail: calls and changes are not seen. (Event history is no trail.)",
          fix: "aws cloudtrail create-trail --is-multi-region-trail ..., then aws cloudtrail start-logging. The first copy of management events is free.",
        },
      ];
    }
    if (logging.length === 0) {
      return [
        {
          mark: "problem",
          says: `${listed(trails.map(({ name }) => name))} ${trails.length === 1 ? "does" : "do"} not log: calls and changes are not seen.`,
          fix: `aws cloudtrail start-logging --name ${trails[0]?.name}. Find out who stopped it.`,
        },
      ];
    }
    if (!keeps("writes")) {
      return [
        {
          mark: "problem",
          says: `${listed(logging.map(({ name }) => name))} logs no management events that write: changes of functions are not seen.`,
          fix: "aws cloudtrail put-event-selectors with ReadWriteType All and IncludeManagementEvents true.",
        },
      ];
    }
    if (!keeps("reads")) {
      return [
        {
          mark: "warning",
          says: `${listed(logging.map(({ name }) => name))} logs writes only: what a function looks at (ListBuckets, GetSecretValue, GetCallerIdentity) is not seen.`,
          fix: "aws cloudtrail put-event-selectors with ReadWriteType All.",
        },
      ];
    }
    return [];
  },
});

const ALL_EVENTS = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";
const AGAIN = "Deploy again to set it right, and find out who changed it.";

/** What is wrong with rules of Plumbline's. */
const ruleRemarks = (rules: readonly Rule[]) =>
  rules.filter(isOwnRule).flatMap(({ name, description, state, wantsReads }): Remark[] => {
    if (state === "DISABLED") {
      const says = `The rule ${name} is disabled (${description}).`;
      return [{ mark: "problem", says, fix: `aws events enable-rule --name ${name}. ${AGAIN}` }];
    }
    if (!wantsReads || state === ALL_EVENTS) return [];
    const says = `The rule ${name} leaves out calls that only read: it is ${state}, not ${ALL_EVENTS}.`;
    return [{ mark: "problem", says, fix: AGAIN }];
  });

const rules = check({
  id: "rules",
  needs: ["rules"],
  fine: "Plumbline's rules are enabled, and calls that only read go through.",
  look: ({ rules }) => (rules.length === 0 ? null : ruleRemarks(rules)),
});

const globalEvents = check({
  id: "global-events",
  needs: ["forwarders"],
  fine: "Events of global services are handed on from us-east-1.",
  look: ({ forwarders }): Remark[] =>
    forwarders.length > 0
      ? ruleRemarks(forwarders)
      : [
          {
            mark: "warning",
            says: "No rule in us-east-1 hands events on to this Region: what functions ask of IAM and other global services, and changes of their roles, are not seen.",
            fix: "Deploy with --all -c globalEventsTo and this Region.",
          },
        ],
});

export const TRAIL_CHECKS = [trail, rules, globalEvents];
