DROP TABLE particulars;
DROP TABLE entry;
