/**
 * Sees: a first connection to an address or resource in the owner's own network.
 * Why: a function has few internal peers, set by its code. A further one is how injected code looks around and how data
 * stores are reached that the function has no business with.
 * Tuned by: `learningDays`, `maxPeers`. An entity that keeps meeting peers it never meets again is not reported.
 */
import type { ConnectionDetector } from "./detector";
import { detectNewPeer } from "./new-peer";

const BASE_SCORE = 4;

export const newInternalPeer: ConnectionDetector = {
  type: "NewInternalPeer",
  judges: "connection",
  source: "flow",
  title: "First connection to an internal address or resource",
  severity: "high",
  misses:
    "Abuse of a resource that the function always uses; a function that keeps meeting internal peers it never meets again; functions outside a VPC, which have no flow logs.",
  reference: "https://attack.mitre.org/techniques/T1021/",
  mitre: ["T1021", "T1046"],
  mayComeOfDeploy: true,
  lookAt:
    "Was the function deployed shortly before? Compare its code with what should run, then look at what the peer holds and what its own logs say of the time given.",
  detect: (connection, baseline, context) =>
    detectNewPeer("internal", () => BASE_SCORE, connection, baseline, context),
};
