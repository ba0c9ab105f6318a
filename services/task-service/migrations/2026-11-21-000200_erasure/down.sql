DROP INDEX task_in_charge, task_by_creator, comment_by_author;
