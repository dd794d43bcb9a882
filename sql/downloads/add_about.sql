insert into about values (?, ?)
