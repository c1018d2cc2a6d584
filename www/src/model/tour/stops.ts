/** The whole tour: eight scenarios, in the order in which one understands the next by the one before. */

import { placed, type PlacedStep, type Stop } from "./step.js";
import { FAULT_STOPS } from "./stops-faults.js";
import { LAG_STOPS } from "./stops-lag.js";

export const STOPS: readonly Stop[] = [...LAG_STOPS, ...FAULT_STOPS];
export const STEPS: readonly PlacedStep[] = placed(STOPS);
