/** One thing that an attacker could do to a worker, and what it may cost at most. */

export interface Exhibit {
  readonly name: string;
  /** Seconds of CPU and MB that it may take, making the input included. */
  readonly seconds: number;
  readonly megabytes: number;
  /** Does it and gives what was seen, in a few words; throws where what must hold does not. `scale` is 1 for all of it. */
  run(scale: number): Promise<string>;
}

/** A stream of what `pieces` give. */
export const objectOf = (pieces: () => Iterable<Uint8Array>) => ({
  open: async () =>
    (async function* () {
      yield* pieces();
    })(),
});

/** The same piece over and over. */
export function* repeated(piece: Uint8Array, times: number): Generator<Uint8Array> {
  for (let i = 0; i < times; i++) yield piece;
}
