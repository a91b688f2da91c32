import type { HealthCheck, HealthResult } from '@oxtender/bundle-api';
import type { NodeAnswer, OxNode } from './http/ox-node';

/**
 * Does OX answer? Asked without a session: any answer in the API's own form will do. No condition of `/health/ready`: a balancer
 * would take all hosts away at once, and devices would miss the answer that tells them when to come back.
 */
export function oxHealth(node: OxNode): HealthCheck {
  return {
    name: 'ox',
    tags: ['backend'],
    run: async ({ signal }): Promise<HealthResult> => {
      try {
        const path = '/config/currentTime?session=none';
        const answer = await node.exchange({ method: 'GET', path, headers: {}, signal, repeatable: true });
        if (looksLikeOx(answer)) return { status: 'OK' };
        const message = `${node.url} answers with status ${answer.status}, and not as an OX server: check ox.url`;
        return { status: 'CRITICAL', message };
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        return {
          status: 'TEMPORARILY_UNAVAILABLE',
          message: `${node.url}: ${reason}; devices are told to come back later`,
        };
      }
    },
  };
}

/** A lost session is told as JSON, or as a page of status 403. */
export function looksLikeOx({ status, text }: NodeAnswer): boolean {
  return status === 403 || /^\s*\{/.test(text);
}
