/** What a finding is about, in a few words. */
import type { Subject } from "./finding";
import { cleanText } from "./text";

const LONGEST_NAME = 45;

/** For a column of a table. */
export function subjectName(subject: Subject): string {
  if ("peer" in subject) return subject.peer;
  if ("actor" in subject) return cleanText(subject.detail, LONGEST_NAME);
  if ("metric" in subject) return subject.metric;
  return `${subject.eventSource.replace(".amazonaws.com", "")}:${subject.eventName}`;
}

/** A name for what it is, and all that identifies it. */
export function subjectText(subject: Subject): [name: string, text: string] {
  if ("peer" in subject)
    return ["Peer", `${subject.peer} at ${subject.address}, port ${subject.port}/${subject.protocol}`];
  if ("actor" in subject) return ["Change", `${subject.eventName} by ${subject.actor}: ${subject.detail}`];
  if ("metric" in subject)
    return ["Usage", `${subject.metric} of ${subject.value} in ${subject.period / 60} minutes`];
  const { region, sourceIp, accessKeyId, errorCode } = subject;
  const from = sourceIp === null ? "" : ` from ${sourceIp}`;
  const key = accessKeyId === null ? "" : ` with access key ${accessKeyId}`;
  const fate = errorCode === null ? "" : `, ${errorCode}`;
  return ["Call", `${subjectName(subject)} in ${region}${from}${key}${fate}`];
}
