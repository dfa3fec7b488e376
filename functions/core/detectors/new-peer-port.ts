/**
 * Sees: a known peer, talked to on a service port that was never used with it.
 * Why: SSH to the database host, or a second listener on a known server, is how an attacker uses what is reachable.
 * Ports from 49152 on count as one, since servers draw them anew (passive FTP, RPC). Ports that a new peer is met on
 * belong to that finding.
 * Tuned by: `learningDays`. A peer whose ports keep changing is not reported.
 */
import { entityName } from "../attribution/entity";
import { classOf } from "../attribution/peer";
import { portLabel, portName } from "../attribution/port";
import { daysBefore } from "../baseline/history";
import { isEstablished, isRestless, isWide, reportingFrom } from "../baseline/novelty";
import { isPartOfScan } from "../baseline/scan";
import { listed, plural } from "../text";
import { dayOf } from "../time";
import { connectionSighting } from "./connection-sighting";
import type { ConnectionDetector } from "./detector";
import { since } from "./standout";

const BASE_SCORE = 3;

export const newPeerPort: ConnectionDetector = {
  type: "NewPeerPort",
  judges: "connection",
  source: "flow",
  title: "A known peer on a service port never used with it",
  severity: "medium",
  misses:
    "Another protocol on a known port; changes among ports from 49152 on; peers with more than 64 ports.",
  reference: "https://attack.mitre.org/techniques/T1571/",
  mitre: ["T1571", "T1021"],
  mayComeOfDeploy: true,
  lookAt: "What listens on that port of the peer? Look there for logins or requests at the time given.",
  detect(connection, baseline, { entity, config }) {
    const { flow, peer } = connection;
    const day = dayOf(flow.firstSeen);
    const label = portLabel(flow);
    const facet = baseline.peers.get(peer.key);
    const port = facet?.ports[label];
    if (baseline.profile === null || facet === undefined || port === undefined) return "normal";
    if (day < reportingFrom(baseline, config)) return "learning";
    if (facet.manyPorts || flow.port < 0 || isWide(baseline, classOf(peer.kind), day, config))
      return "normal";
    if (!isEstablished(facet.contact, day, baseline, config)) return "normal";
    if (isEstablished(port, day, baseline, config)) return "normal";
    if (isPartOfScan(connection, baseline)) return "normal";
    const peerWasLearned = facet.contact.firstDay < reportingFrom(baseline, config);
    const cameWithPeer =
      !peerWasLearned && daysBefore(facet.contact, port.firstDay) < Math.max(1, config.learningDays);
    if (cameWithPeer) return "normal";

    const others = Object.entries(facet.ports).filter(([, history]) => history.firstDay < day);
    const histories = others.map(([, history]) => history);
    const began = facet.contact.firstDay;
    // Asked for the day on which it came, as with peers.
    if (isRestless(histories, began, port.firstDay, baseline, config)) return "normal";

    const ports = others.map(([one]) => one);
    const quietDays = day - Math.max(began, ...histories.map((history) => history.firstDay));
    return connectionSighting(connection, entity, {
      deviation: `${peer.key} ${label}`,
      title: `${entityName(entity)} uses a new port of ${peer.name}: ${portName(flow).replace("port ", "")}`,
      normal: `It knows this peer ${since(began, day)} on ${plural(ports.length, "port")}: ${listed(ports)}, the last new one ${plural(quietDays, "day")} ago.`,
      standout: { base: BASE_SCORE, baseReason: "a new port", quietDays, known: ports.length },
      learnedFrom: baseline.profile.activity.firstDay,
      day,
    });
  },
};
