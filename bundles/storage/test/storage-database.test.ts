import { describeDatabase } from '@oxtender/bundle-api/testing';
import { dialects } from './support/dialects';

for (const { name, make } of dialects) describeDatabase(name, make);
