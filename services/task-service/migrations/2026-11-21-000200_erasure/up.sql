-- What somebody wrote or made: to take it along, and to take the name off it.
CREATE INDEX comment_by_author ON comment (author_id, id);
CREATE INDEX task_by_creator ON task (workspace_id, created_by, id);
CREATE INDEX task_in_charge ON task (workspace_id, pic_id, id) WHERE pic_id IS NOT NULL;
