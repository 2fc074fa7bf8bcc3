insert into registry_recommendations (hardware, rank, model, recommendation)
values (:#hardware, :#rank, :#model, :#recommendation)
