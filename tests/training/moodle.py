"""A completion report of Moodle."""

# As Moodle's report/completion writes it: its own id, the name, the address, each activity with its day, the course.
MOODLE = """ID,Name,"Email address","Read the guide","Read the guide - Completion date","Final test","Final test - Completion date","Course complete"
12,"Anna Able",anna@company.example,Completed,"2/03/26, 09:10","Completed (achieved pass grade)","13/03/26, 10:15","13/03/26, 10:16"
13,"Bert Bold",bert@company.example,Completed,"2/03/26, 09:40","Not completed",,
14,"Cleo Calm",cleo@elsewhere.example,Completed,"3/03/26, 11:00",Completed,"4/03/26, 11:30","4/03/26, 11:31"
15,"Dora Dent",dora@company.example,Completed,"3/03/26, 12:00",Completed,"5/03/26, 08:00","31/04/26, 08:00"
"""  # noqa: E501
