-- What this service knows of a person: a copy, fed by `user.changed`. No mail address is kept here.
CREATE TABLE person (
  workspace_id uuid    NOT NULL,
  id           uuid    NOT NULL,
  name         text    NOT NULL,
  role         text    NOT NULL,
  epoch        bigint  NOT NULL,
  removed      boolean NOT NULL,
  version      bigint  NOT NULL,
  PRIMARY KEY (workspace_id, id)
);

-- A board's version is the version of its stream. `name_v` and `deleted_v` say at which version the name was
-- last changed, and when it last went into or came out of the trash.
CREATE TABLE board (
  id           uuid        PRIMARY KEY,
  workspace_id uuid        NOT NULL,
  name         text        NOT NULL,
  version      bigint      NOT NULL DEFAULT 1,
  name_v       bigint      NOT NULL DEFAULT 1,
  deleted_v    bigint      NOT NULL DEFAULT 0,
  created_by   uuid        NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  updated_at   timestamptz NOT NULL DEFAULT now(),
  deleted_at   timestamptz
);
CREATE INDEX board_live ON board (workspace_id, id) WHERE deleted_at IS NULL;
CREATE INDEX board_trash ON board (workspace_id, id) WHERE deleted_at IS NOT NULL;

-- Columns are never removed, only marked: a task in the trash still points at its column. `tasks` counts the
-- live tasks; every statement that changes it holds the row's lock, which is also the lock under which ranks
-- are given out.
CREATE TABLE board_column (
  id           uuid        PRIMARY KEY,
  board_id     uuid        NOT NULL REFERENCES board (id),
  workspace_id uuid        NOT NULL,
  name         text        NOT NULL,
  status       text        NOT NULL CHECK (status IN ('todo', 'doing', 'done')),
  rank         text        COLLATE "C" NOT NULL,
  tasks        bigint      NOT NULL DEFAULT 0 CHECK (tasks >= 0),
  version      bigint      NOT NULL DEFAULT 1,
  name_v       bigint      NOT NULL DEFAULT 1,
  status_v     bigint      NOT NULL DEFAULT 1,
  moved_v      bigint      NOT NULL DEFAULT 1,
  created_at   timestamptz NOT NULL DEFAULT now(),
  updated_at   timestamptz NOT NULL DEFAULT now(),
  deleted_at   timestamptz
) WITH (fillfactor = 50);
CREATE UNIQUE INDEX board_column_place ON board_column (board_id, rank) WHERE deleted_at IS NULL;

-- `…_v` is the version at which a field was last changed: edits of different fields merge, edits of the same
-- field collide. The board needs no foreign key of its own, the column leads to it.
CREATE TABLE task (
  id                uuid        PRIMARY KEY,
  workspace_id      uuid        NOT NULL,
  board_id          uuid        NOT NULL,
  column_id         uuid        NOT NULL REFERENCES board_column (id),
  rank              text        COLLATE "C" NOT NULL,
  title             text        NOT NULL,
  description       text        NOT NULL,
  pic_id            uuid,
  deadline          timestamptz,
  deadline_zone     text,
  priority          text        NOT NULL CHECK (priority IN ('none', 'low', 'medium', 'high', 'urgent')),
  labels            text[]      NOT NULL,
  comments          bigint      NOT NULL DEFAULT 0,
  version           bigint      NOT NULL DEFAULT 1,
  title_v           bigint      NOT NULL DEFAULT 1,
  description_v     bigint      NOT NULL DEFAULT 1,
  pic_v             bigint      NOT NULL DEFAULT 1,
  deadline_v        bigint      NOT NULL DEFAULT 1,
  deadline_zone_v   bigint      NOT NULL DEFAULT 1,
  priority_v        bigint      NOT NULL DEFAULT 1,
  labels_v          bigint      NOT NULL DEFAULT 1,
  moved_v           bigint      NOT NULL DEFAULT 1,
  deleted_v         bigint      NOT NULL DEFAULT 0,
  title_grams       text[]      NOT NULL,
  description_grams text[]      NOT NULL,
  created_by        uuid        NOT NULL,
  created_at        timestamptz NOT NULL DEFAULT now(),
  updated_at        timestamptz NOT NULL DEFAULT now(),
  deleted_at        timestamptz,
  CHECK (deadline IS NOT NULL OR deadline_zone IS NULL)
) WITH (fillfactor = 80);
-- One place is held by one live task.
CREATE UNIQUE INDEX task_place ON task (column_id, rank) WHERE deleted_at IS NULL;
-- Lists. Ids are UUIDv7, so their order is the order of creation.
CREATE INDEX task_on_board ON task (board_id, id) WHERE deleted_at IS NULL;
CREATE INDEX task_live ON task (workspace_id, id) WHERE deleted_at IS NULL;
CREATE INDEX task_of_pic ON task (workspace_id, pic_id, id) WHERE deleted_at IS NULL AND pic_id IS NOT NULL;
CREATE INDEX task_due ON task (workspace_id, deadline, id) WHERE deleted_at IS NULL AND deadline IS NOT NULL;
CREATE INDEX task_trash ON task (workspace_id, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX task_label ON task USING gin (labels);
CREATE INDEX task_text ON task USING gin (title_grams, description_grams);

CREATE TABLE comment (
  id          uuid        PRIMARY KEY,
  task_id     uuid        NOT NULL REFERENCES task (id),
  author_id   uuid        NOT NULL,
  author_name text        NOT NULL,
  body        text        NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX comment_on_task ON comment (task_id, id);
