'use strict';
/** The rules of the house: who may import whom. docs/architecture.md tells why. */
const bundles = ['storage', 'ox-bridge', 'usm', 'eas', 'ox-sandbox', 'selfservice', 'ajp', 'console'];

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'bundle-api-imports-neither-host-nor-bundles',
      severity: 'error',
      from: { path: '^bundle-api/' },
      to: { path: '^(host|bundles)/' },
    },
    { name: 'host-imports-no-bundle', severity: 'error', from: { path: '^host/' }, to: { path: '^bundles/' } },
    { name: 'bundle-imports-no-host', severity: 'error', from: { path: '^bundles/' }, to: { path: '^host/' } },
    ...bundles.map((bundle) => ({
      name: `${bundle}-imports-no-other-bundle`,
      severity: 'error',
      from: { path: `^bundles/${bundle}/` },
      to: { path: '^bundles/', pathNot: `^bundles/${bundle}/` },
    })),
    {
      name: 'only-entry-points-of-bundle-api',
      severity: 'error',
      from: { path: '^(host|bundles)/' },
      to: { path: '^bundle-api/', pathNot: '^bundle-api/src/(index|testing/index)\\.ts$' },
    },
    {
      name: 'wbxml-stands-alone',
      severity: 'error',
      from: { path: '^bundles/eas/src/wbxml/' },
      to: { path: '^(bundles|bundle-api|host)/', pathNot: '^bundles/eas/src/wbxml/' },
    },
    {
      name: 'database-drivers-in-storage-only',
      comment: 'ox-sandbox imitates a foreign server and keeps its own file: docs/adr/0006-sandbox-database.md',
      severity: 'error',
      from: { path: '^(bundle-api|host|bundles)/', pathNot: '^bundles/(storage|ox-sandbox)/' },
      to: { path: 'node_modules/(mysql2|better-sqlite3|ioredis)/' },
    },
    {
      name: 'tsyringe-in-bundle-api-and-host-only',
      severity: 'error',
      from: { path: '^bundles/' },
      to: { path: 'node_modules/(tsyringe|reflect-metadata)/' },
    },
    { name: 'src-never-imports-test', severity: 'error', from: { path: '/src/' }, to: { path: '/test/' } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ['source', 'types', 'require', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
};
