import { Page } from '../parts/page';

export function MissingPage() {
  return (
    <Page title="No such page">
      <p>
        <a href="/">To the overview</a>
      </p>
    </Page>
  );
}
