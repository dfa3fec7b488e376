/** What is shown in processes of their own, with what each may cost. */
import { BOMBS } from "./bombs";
import type { Exhibit } from "./exhibit";
import { FLOODS } from "./floods";
import { HEAPS } from "./heaps";

export const EXHIBITS: readonly Exhibit[] = [...BOMBS, ...HEAPS, ...FLOODS];
