import type { DatabaseSchema } from '@oxtender/bundle-api';
import { databaseChecks } from './database-checks';
import { entities } from './entities';
import { updateTasks } from './update-tasks';

export const usmSchema: DatabaseSchema = { name: 'usm', entities, tasks: updateTasks, checks: databaseChecks };
