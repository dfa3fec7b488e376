/**
 * IP sets of AWS WAF: an update replaces the whole list, so what others put there is handed back as it was read.
 * Source: docs.aws.amazon.com/waf/latest/APIReference/API_UpdateIPSet.html
 */

/** AWS's quota of addresses in one set. */
const CAPACITY = 10_000;

export interface IpSetPlan {
  /** The complete list, or `null` where it is right as it is. */
  readonly addresses: readonly string[] | null;
  readonly refused: string | null;
}

/** Plans for a set that has `addresses` to have those that are `wanted`, and those no more that are `over`. */
export function planIpSet(
  addresses: readonly string[],
  wanted: readonly string[],
  over: readonly string[],
): IpSetPlan {
  const unwanted = new Set(over.filter((one) => !wanted.includes(one)));
  const next = [...new Set([...addresses.filter((one) => !unwanted.has(one)), ...wanted])];
  if (next.length > CAPACITY)
    return { addresses: null, refused: `The IP set has room for ${CAPACITY} addresses, and is full.` };
  const isSame = next.length === addresses.length && next.every((one) => addresses.includes(one));
  return { addresses: isSame ? null : next, refused: null };
}
