"""`make exports`: what an export costs against the least that it could, in time and in memory, and what kills leave."""
