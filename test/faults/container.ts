/**
 * A container of one Lambda function: its handler with all that it keeps in memory. It computes until it calls AWS, and then
 * waits to be let go on: so whoever runs it decides what happens between any two steps, and to the call itself. Metrics of
 * several functions are watched side by side: then several calls wait.
 */
import type { Answer, Command } from "./command";

/** A call that waits. */
export interface Step {
  /** Service and call, and the table where there is one: `dynamodb Put findings`. */
  readonly label: string;
  readonly command: Command;
  readonly perform: () => Promise<unknown>;
  readonly answer: (value: unknown) => void;
  readonly fail: (error: Error) => void;
}

export class Container {
  /** The calls that it waits in; none while it is idle, or has finished. */
  steps: Step[] = [];
  /** What the invocation that finished gave, or failed with. */
  result: { readonly value: unknown } | { readonly error: unknown } | null = null;
  private wake: () => void = () => {};

  /** Seconds by which its clock is wrong. */
  constructor(
    readonly name: string,
    readonly clockSkew: number,
  ) {}

  /** A service as this container reaches it: each call waits to be let go on. */
  reach(service: string, answer: Answer, labelOf: (command: Command) => string): Answer {
    return (command) =>
      new Promise((resolve, reject) => {
        this.steps.push({
          label: `${service} ${labelOf(command)}`,
          command,
          perform: () => answer(command),
          answer: resolve,
          fail: reject,
        });
        this.wake();
      });
  }

  /** Begins an invocation, and goes on to its first call or its end. */
  async invoke(handler: () => Promise<unknown>): Promise<void> {
    this.result = null;
    await this.until(() => {
      handler().then(
        (value) => this.finish({ value }),
        (error) => this.finish({ error }),
      );
    });
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Answers a call, and goes on until all that it does waits again, or to its end. */
  async goOn(step: Step, outcome: { readonly value: unknown } | { readonly error: Error }): Promise<void> {
    this.steps = this.steps.filter((one) => one !== step);
    const others = this.steps.length;
    const go = () => ("error" in outcome ? step.fail(outcome.error) : step.answer(outcome.value));
    if (others === 0) await this.until(go);
    else go();
    // What goes on side by side does nothing but call AWS: it waits again by the next turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
  }

  private finish(result: NonNullable<Container["result"]>): void {
    this.result = result;
    this.wake();
  }

  private until(begin: () => void): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
      begin();
    });
  }
}
