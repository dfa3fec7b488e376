/**
 * Sees: a first connection to an AWS service in a Region, to a network of the internet, or to a rented address.
 * Why: command and control, downloads of tools and stolen data all leave to an address that was never used before.
 * An AWS service scores less: its API endpoints are where most functions go, but S3, CloudFront and API Gateway carry
 * other people's content as well, so it is not silent.
 * A further address of a service, network or site that is known is none: addresses change. Those that anyone can rent
 * stay apart.
 * A flood of them, more in a day than are kept, is one finding: what else would say that new ones say nothing any more?
 * Tuned by: `learningDays`, `maxPeers`. An entity that keeps meeting peers it never meets again is not reported.
 */
import type { ConnectionDetector } from "./detector";
import { detectNewPeer } from "./new-peer";

const BASE_SCORE = { internet: 4, service: 2.5 };

export const newExternalPeer: ConnectionDetector = {
  type: "NewExternalPeer",
  judges: "connection",
  source: "flow",
  title: "First connection to a public peer",
  severity: "high",
  misses:
    "Another bucket or API behind an AWS service that is known already; another host in a known network that is not known to rent out machines; a function that keeps meeting peers it never meets again; names, because DNS to the VPC's resolver is in no flow log.",
  reference: "https://attack.mitre.org/techniques/T1071/",
  mitre: ["T1071", "T1041"],
  mayComeOfDeploy: true,
  lookAt:
    "Whose address is it, and does any dependency of the function use it? If nobody knows it, cut it off in a network ACL and look at the function's last deployments.",
  detect: (connection, baseline, context) =>
    detectNewPeer(
      "external",
      ({ peer }) => (peer.kind === "service" ? BASE_SCORE.service : BASE_SCORE.internet),
      connection,
      baseline,
      context,
    ),
};
