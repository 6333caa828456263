"""Examples for the columns of this app's kinds; nobody here exists."""

from __future__ import annotations

from crm.imports.vocabulary.examples import publish

publish(
    {
        "member_id": "U1001",
        "name": "王小明",
        "mobile": "13800138000",
        "email": "wang@example.com",
        "id_number": "11010519491231002X",
        "address": "上海市浦东新区世纪大道1号",
        "birth_date": "1985-06-18",
        "region": "上海",
        "occupation": "教师",
        "income_band": "20-50万",
        "channel": "app",
        "campaign": "spring-2025",
        "referrer_id": "",  # of another member, who may come in the same file
        "language": "zh-hans",
        "tags": "VIP;讲座",
        "channels.name": "手机应用",
        "channels.name_en": "Mobile app",
        "channels.kind": "online",
        "spend.amount": "25000.00",
        "touch_id": "C1001",
        "visitor_id": "V1001",
        "event_id": "E1001",
        "events.name": "login",
        "properties": '{"page": "/products/P1001"}',
        "signal_id": "S1001",
        "complaint_id": "TS1001",
        "words": "赎回到账慢",
        "owner": "",  # the name of an account here
        "answered_at": "2025-03-06 09:30:00",
        "answer": "已向客户说明到账时间",
        "closed_at": "2025-03-07 16:00:00",
        "resolution": "款项已到账，客户满意",
        "detail": "客户来电咨询赎回",
        "questionnaire_version": "2025-1",
    }
)
