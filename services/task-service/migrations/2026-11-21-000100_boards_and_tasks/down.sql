DROP TABLE comment;
DROP TABLE task;
DROP TABLE board_column;
DROP TABLE board;
DROP TABLE person;
