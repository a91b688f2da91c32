/**
 * The calls that the bridge was asked to need, as the vendor's description names them. Not among them: `multiple`, whose parts are
 * seen as if they came alone; `mail?action=copy`, for nothing in the contract copies a mail; `group?action=all`, for groups are
 * searched for.
 */
export const callSet: readonly string[] = [
  ...['POST /login?action=login', 'GET /login?action=logout', 'GET /capabilities?action=all'],
  ...['/config/mail/sendaddress', '/config/modules/com.openexchange.usm.eas/module'].map((path) => `GET ${path}`),
  ...['allVisible', 'get'].map((action) => `GET /folders?action=${action}`),
  ...['new', 'update', 'delete', 'clear'].map((action) => `PUT /folders?action=${action}`),
  ...['contacts', 'tasks', 'calendar'].flatMap((module) => [
    ...['all', 'updates'].map((action) => `GET /${module}?action=${action}`),
    ...['list', 'new', 'update', 'delete'].map((action) => `PUT /${module}?action=${action}`),
  ]),
  ...['PUT /contacts?action=search', 'POST /contacts?action=new', 'POST /contacts?action=update'],
  ...['PUT /calendar?action=confirm', 'GET /calendar?action=freebusy', 'GET /calendar?action=resolveuid'],
  ...['GET /attachment?action=all', 'GET /attachment?action=document', 'POST /attachment?action=attach'],
  ...['PUT /attachment?action=detach', 'GET /quota?action=mail', 'GET /user?action=get', 'PUT /user?action=list'],
  ...['all', 'get', 'get&src=1', 'attachment', 'examine'].map((action) => `GET /mail?action=${action}`),
  ...['list', 'new', 'update', 'delete', 'search'].map((action) => `PUT /mail?action=${action}`),
  ...['POST /mail?action=import', 'PUT /group?action=search', 'PUT /resource?action=search'],
  ...['GET /mailfilter/v2?action=list', 'PUT /mailfilter/v2?action=new', 'PUT /mailfilter/v2?action=update'],
];
