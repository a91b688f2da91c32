import { describeCalendar } from './groupware-suite/calendar-behaviour';
import { describeContacts } from './groupware-suite/contact-behaviour';
import { type GroupwareFixture, Scene } from './groupware-suite/fixture';
import { describeFolders } from './groupware-suite/folder-behaviour';
import { describeLogin } from './groupware-suite/login-behaviour';
import { describeMails } from './groupware-suite/mail-behaviour';
import { describePeople } from './groupware-suite/people-behaviour';
import { describeTasks } from './groupware-suite/task-behaviour';

/**
 * What every `GroupwareBridge` does, as mocha tests. Needs mocha, chai and fast-check.
 *
 * ```ts
 * describeGroupwareBridge('my bridge', async () => ({ bridge, alice, bob, ... }));
 * ```
 *
 * @param make - called once, before the tests; what it gives is disposed after them
 * @public
 */
export function describeGroupwareBridge(name: string, make: () => Promise<GroupwareFixture>): void {
  describe(`GroupwareBridge: ${name}`, () => {
    let fixture: GroupwareFixture | undefined;
    let current: Scene | undefined;

    before(async () => {
      fixture = await make();
    });
    after(async () => {
      await fixture?.[Symbol.asyncDispose]();
    });
    beforeEach(async () => {
      if (fixture) current = await Scene.open(fixture);
    });
    afterEach(() => {
      current?.[Symbol.dispose]();
    });

    const scene = (): Scene => {
      if (!current) throw new Error('no scene');
      return current;
    };
    describeLogin(scene);
    describeFolders(scene);
    describeContacts(scene);
    describeCalendar(scene);
    describeTasks(scene);
    describeMails(scene);
    describePeople(scene);
  });
}
