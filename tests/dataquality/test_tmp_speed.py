import time

import pytest
from django.db import connection
from django.utils import timezone

from dataquality import subjects
from dataquality.models import *
from dataquality.queries import *
from dataquality.services import *
from tests import make

N=1_000_000
def sqlx(s,*p):
    with connection.cursor() as c: c.execute(s,p or None); return c.rowcount
class T:
    def __init__(self,n): self.n=n
    def __enter__(self): self.t=time.time()
    def __exit__(self,*a): print(f"{self.n}: {time.time()-self.t:.2f}s", flush=True)
@pytest.mark.django_db
def test_speed():
    sqlx("SET LOCAL statement_timeout=0")
    src=make.source(default_country="DE"); A=subjects.get("accounts.account"); C=subjects.get("contacts.contact")
    ba=make.batch(src,A); bc=make.batch(src,C); now=timezone.now()
    cols=lambda m,own:[f.column for f in m._meta.local_concrete_fields if f.column not in own and not f.null and not f.has_db_default() and f.get_internal_type() in("TextField","CharField")]
    from accounts.models import Account
    from contacts.models import Contact
    def ins(model,own,vals,n,b):
        blanks=cols(model,set(own)|{"external_id","state"})
        sqlx(f"INSERT INTO {model._meta.db_table}(source_id,external_id,first_batch_id,last_batch_id,{','.join(own+blanks)}) SELECT {src.pk},'E'||g,{b.pk},{b.pk},{vals}{', '+', '.join(chr(39)*2 for _ in blanks) if blanks else ''} FROM generate_series(1,{n}) g")
    with T("make"):
        ins(Account,["name","industry","country"],"'Company '||g, (ARRAY['retail','medical','software','finance'])[1+g%%4], 'Germany'".replace('%%','%'),20000,ba)
        sqlx("CREATE TEMP TABLE am AS SELECT id, name FROM accounts_account WHERE source_id=%s",src.pk); sqlx("CREATE INDEX ON am(name)")
        ins(Contact,["full_name","email","phone","country","account_ref","department"],"'Person '||g,'p'||g||'@example.com','030 '||(100000+g), 'Germany', CASE WHEN g%50=0 THEN '' WHEN g%40=0 THEN 'Compny '||(1+g%20000) ELSE 'Company '||(1+g%20000) END, (ARRAY['Sales','Marketing','Support'])[1+g%3]",N,bc)
        sqlx("UPDATE contacts_contact c SET account_id=am.id FROM am WHERE am.name=c.account_ref AND c.source_id=%s",src.pk)
        sqlx("ANALYZE contacts_contact"); sqlx("ANALYZE accounts_account"); sqlx("ANALYZE dataquality_finding")
        sqlx("CREATE UNLOGGED TABLE t_ids AS SELECT row_number() over (order by id) AS row_number, id AS record_id FROM contacts_contact WHERE source_id=%s",src.pk)
        sqlx("CREATE UNIQUE INDEX ON t_ids(row_number)")
        sqlx("CREATE UNLOGGED TABLE t_faults AS SELECT row_number, 'contacts.contact.phone.format'::text AS rule,'phone'::text AS field,'error'::text AS severity,'phone_invalid'::text AS code,'12'::text AS value,NULL::text AS suggestion FROM t_ids WHERE row_number%20=0")
    def timed(execute, sql_, params, many, context):
        t=time.time(); r=execute(sql_, params, many, context); d=time.time()-t
        if d>0.25: print(f"   {d:.2f}s {' '.join(str(sql_).split())[:110]}")
        return r
    cm=connection.execute_wrapper(timed); cm.__enter__()
    for turn in ("first","again"):
        with T(turn+" findings"): print(settle_findings(C,source=src,batch=bc,now=now,faults_table="t_faults",ids_table="t_ids",fields=["phone","email"]))
        with T(turn+" relations"): print(settle_relations(C,source=src,batch=bc,now=now))
        with T(turn+" scores"): take_scores(C,source=src,batch=bc,now=now)
    sqlx("DELETE FROM t_faults")
    with T("clean findings"): print(settle_findings(C,source=src,batch=bc,now=now,faults_table="t_faults",ids_table="t_ids",fields=["phone","email"]))
    with T("scoreboard"): scoreboard(src)
    with T("problems"): print(problems(C,src)[0])
    cm.__exit__(None,None,None); return
    with T("recheck"): print(recheck(C,source=src,now=now))
    with T("accept one"): print(accept_suggestion(C,field="account",value="Compny 41",new="Company 41",source=src,by=None,now=now))
