import type { Log } from "../../functions/adapters/ports";

/** Keeps nothing. */
export const silent: Log = { info() {}, warn() {}, error() {} };
