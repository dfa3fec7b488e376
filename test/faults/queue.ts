/**
 * A queue of SQS with its dead letters: a message is there at least once, is hidden while somebody works on it, and is set
 * aside after so many receives. Source: docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide
 */
export interface Message {
  readonly messageId: string;
  readonly body: string;
  receives: number;
  /** From when on it can be received, in milliseconds. */
  visibleAt: number;
}

export interface Queue {
  /** `copies` of it are delivered independently. */
  send(body: string, visibleAt: readonly number[]): void;
  /** What can be received at `now`, at most `most`; what was received too often goes to the dead letters instead. */
  receive(now: number, most: number): Message[];
  /** Deletes what was handled; what failed can be received again once its time is up. */
  settle(received: readonly Message[], failed: ReadonlySet<string>): void;
  /** When there is something to receive, in milliseconds; infinite where there is nothing. */
  nextAt(): number;
  readonly deadLetters: readonly Message[];
  readonly counts: { sent: number; deleted: number };
}

export interface QueueSettings {
  /** Milliseconds for which a received message is hidden. */
  readonly visibility: number;
  readonly maxReceives: number;
}

export function queue(name: string, { visibility, maxReceives }: QueueSettings): Queue {
  const messages = new Map<string, Message>();
  const deadLetters: Message[] = [];
  const counts = { sent: 0, deleted: 0 };
  return {
    deadLetters,
    counts,
    send(body, visibleAt) {
      for (const at of visibleAt) {
        const messageId = `${name}-${counts.sent++}`;
        messages.set(messageId, { messageId, body, receives: 0, visibleAt: at });
      }
    },
    receive(now, most) {
      const received: Message[] = [];
      for (const message of messages.values()) {
        if (received.length === most) break;
        if (message.visibleAt > now) continue;
        if (message.receives === maxReceives) {
          messages.delete(message.messageId);
          deadLetters.push(message);
          continue;
        }
        message.receives++;
        message.visibleAt = now + visibility;
        received.push(message);
      }
      return received;
    },
    settle(received, failed) {
      for (const { messageId } of received) {
        if (failed.has(messageId) || !messages.delete(messageId)) continue;
        counts.deleted++;
      }
    },
    nextAt: () => [...messages.values()].reduce((next, { visibleAt }) => Math.min(next, visibleAt), Infinity),
  };
}
