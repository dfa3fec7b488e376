/**
 * Sees: a connection to a public address that one of the owner's threat lists names, or that a list of Tor's exits does.
 * Why: who runs such a list has seen the address attack, or control what was attacked. A function has no business there,
 * from its first minute on, however long it has gone there. Tor hides where a connection leads.
 * An attempt that a security group rejected counts less, and is a sign all the same that the code wants to go there.
 * Tuned by: the lists themselves. Without a list it says nothing.
 */

import { entityName } from "../attribution/entity";
import { classOf } from "../attribution/peer";
import type { Baseline } from "../baseline/baseline";
import { severityOf } from "../severity";
import type { ThreatEntry } from "../threat-list";
import { dayOf, isoDay } from "../time";
import { sightingOf } from "./connection-sighting";
import type { ConnectionDetector } from "./detector";

const SCORE = { answered: 9, unanswered: 8, rejected: 7 } as const;

const OUTCOMES = {
  answered: "9 for an address on a threat list",
  unanswered: "9 for an address on a threat list, less 1 because nothing came back",
  rejected: "9 for an address on a threat list, less 2 because nothing got through",
} as const satisfies Record<keyof typeof SCORE, string>;

export const threatListPeer: ConnectionDetector = {
  type: "ThreatListPeer",
  judges: "connection",
  source: "flow",
  title: "Connection to an address on a threat list",
  severity: "critical",
  misses:
    "Whatever is on no list; a listed site behind a content network, whose addresses belong to many; what was listed only after the connection, until it comes again. Old lists accuse whoever has the address now.",
  reference: "https://attack.mitre.org/techniques/T1071/",
  mitre: ["T1071", "T1090.003"],
  lookAt:
    "What does the list say of the address, and when? Unless the entry is a mistake, take the function's role its permissions, then look at what its code and its dependencies were when the connections began.",
  detect(connection, baseline, { entity, threats }) {
    const { flow, peer } = connection;
    if (classOf(peer.kind) === "internal") return "normal";
    const entry = threats.find(flow.address);
    if (entry === null) return "normal";

    const day = dayOf(flow.firstSeen);
    const outcome = flow.accepted === 0 ? "rejected" : flow.packetsIn === 0 ? "unanswered" : "answered";
    const score = SCORE[outcome];
    const began = baseline.profile?.activity.firstDay ?? day;
    const name = entityName(entity);
    return {
      ...sightingOf(connection, entity, {
        deviation: flow.address,
        score,
        title: entry.isTor
          ? `${name} talks to a Tor exit: ${flow.address}`
          : `${name} talks to ${flow.address}, which the threat list ${entry.list} names`,
        reasons: [
          whereListed(entry, flow.address),
          howNew(baseline, peer.key, day),
          `Score ${score} (${severityOf(score)}): ${OUTCOMES[outcome]}.`,
        ],
        baseline: { days: day - began, expected: 0, observed: 1, threshold: 0, rarity: "UNSEEN" },
        learnedFrom: null,
      }),
      mitre: entry.isTor ? ["T1090.003"] : ["T1071"],
    };
  },
};

function whereListed({ list, entry, line, isTor }: ThreatEntry, address: string): string {
  const within = entry === address ? "" : ` within ${entry}`;
  const kind = isTor ? ", a list of Tor exits" : "";
  return `${address} is on the threat list ${list}${kind}: line ${line}${within}.`;
}

/** Whether the peer was known says what to do: a new one points to what changed, an old one to what always was there. */
function howNew({ peers }: Baseline, key: string, day: number): string {
  const first = peers.get(key)?.contact.firstDay ?? day;
  return first < day
    ? `This peer has been talked to since ${isoDay(first)}.`
    : "This peer had not been talked to before that day.";
}
