DROP TABLE reconcile_mark;
DROP TABLE quarantine;
DROP TABLE inbox_gap;
DROP TABLE inbox;
DROP TABLE event_send;
DROP TABLE feed_head;
DROP TABLE event_log;
