import type { Framework, HealthCheck, HealthResult } from '@oxtender/bundle-api';

/** Old generations that may be in memory before this is worth a word: a garbage collection may be due. */
const tolerated = 3;

/** Replaced generations are freed (rules B3, N2). */
export function leaksCheck(framework: Framework): HealthCheck {
  return {
    name: 'old generations',
    run: async (): Promise<HealthResult> => {
      const leaks = await framework.operator.leaks({ collect: false });
      if (leaks.length <= tolerated) return { status: 'OK', details: { generations: leaks.length } };
      return {
        status: 'WARN',
        message: `${leaks.length} replaced generations are still in memory. See: oxtender leaks`,
      };
    },
  };
}
