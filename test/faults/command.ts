/** A call of an AWS API, at the edge of the SDK. */

export type Item = Record<string, unknown>;

export interface Command {
  /** Its class: `PutCommand`. */
  readonly name: string;
  readonly input: Item;
}

/** What answers commands: a service, or what stands in for one. */
export type Answer = (command: Command) => Promise<unknown>;

/**
 * A client of the SDK whose commands are answered by `answer`. It is one of its class, since paginators ask for that; what
 * the class does on the way to the wire is not done.
 */
export function clientOf<T extends object>(type: { prototype: T }, answer: Answer): T {
  return Object.create(type.prototype, {
    send: {
      value: (command: { constructor: { name: string }; input: Item }) =>
        answer({ name: command.constructor.name, input: command.input }),
    },
  });
}
